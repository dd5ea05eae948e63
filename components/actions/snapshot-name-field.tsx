'use client';

import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/kinds/plan.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { TextField } from '../ui/text-field.tsx';

/** The name of a new snapshot, with what the plan says against it. */
export function SnapshotNameField({
  name,
  plan,
  onChange,
}: {
  name: string;
  plan: Plan | null;
  onChange: (name: string) => void;
}) {
  const t = useTranslations('actions.snapshot');
  const text = useProblemText();
  const wrong = nameIn(plan) === name.trim() ? plan?.refusals.find(isAboutName) : undefined;
  return (
    <TextField
      label={t('label')}
      value={name}
      problem={wrong === undefined ? null : text(wrong)}
      onChange={onChange}
    />
  );
}

function nameIn(plan: Plan | null): string | undefined {
  const intent = plan?.intent;
  if (intent?.kind === 'snapshot') return intent.name;
  if (intent?.kind === 'revert') return intent.keepAs ?? undefined;
  return intent?.kind === 'flatten' ? intent.snapshotFirst?.name : undefined;
}

function isAboutName({ code }: { readonly code: string }): boolean {
  return code.startsWith('SNAPSHOT_NAME_');
}
