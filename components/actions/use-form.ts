'use client';

import { useQuery } from '@tanstack/react-query';
import type { Form } from '../plan/form-of.tsx';
import type { ActionAt, ActionName } from './action.ts';

/** The form of an action, loaded when the first one is opened; `null` until then, and for no action. */
export function useForm(action: ActionName | null): Form<ActionAt> | null {
  const { data: forms } = useQuery({
    queryKey: ['forms'],
    queryFn: async () => (await import('./forms.ts')).FORMS,
    enabled: action !== null,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  return (action !== null && forms?.[action]) || null;
}
