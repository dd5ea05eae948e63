'use client';

import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { ActionAt, Form, FormProps } from './action.ts';

export interface FieldsProps<Of extends Intent> {
  readonly at: ActionAt;
  readonly plan: Plan | null;
  /** What the fields say now. */
  readonly intent: Of;
  readonly onChange: (intent: Of) => void;
}

/**
 * A form whose value is an intent: what it begins with, and the fields that change it. What is wrong with a value the
 * server's plan says, so that half-typed ones may be sent.
 */
export function formOf<Of extends Intent>(
  initial: (at: ActionAt) => Of,
  Fields: ComponentType<FieldsProps<Of>>,
): Form {
  return function IntentForm({ at, plan, onIntent }: FormProps) {
    const [intent, setIntent] = useState(() => initial(at));
    const tell = useEffectEvent(onIntent);
    useEffect(() => tell(intent), [intent]);
    return <Fields at={at} plan={plan} intent={intent} onChange={setIntent} />;
  };
}
