'use client';

import type { ComponentType } from 'react';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { type Fields, fieldsFrom, withFields } from '../address/fields.ts';

/** A form with values `F`, which are in the address, for an action at `At`. */
export interface FormSpec<F extends object, At> {
  readonly fields: Fields<F>;
  readonly initial: (at: At) => F;
  /** The intent that the values make; `null` for none yet. The server's plan says what is wrong with it. */
  readonly intent: (values: F, at: At) => Intent | null;
}

/** The controls of a form: they show the values, and change them. */
export interface FieldsProps<F extends object, At> {
  readonly at: At;
  readonly values: F;
  /** The newest plan that the server has answered with. Its refusals say what is wrong in the form. */
  readonly plan: Plan | null;
  readonly onChange: (change: Partial<F>) => void;
}

export interface FormProps<At> {
  readonly at: At;
  readonly query: URLSearchParams;
  readonly plan: Plan | null;
  readonly onQuery: (query: URLSearchParams) => void;
}

/** A form of any values: a query contains all of them. */
export interface Form<At> {
  readonly intentFrom: (query: URLSearchParams, at: At) => Intent | null;
  readonly Controls: ComponentType<FormProps<At>>;
}

/** The intent that a query makes by a form. */
export function intentFrom<F extends object, At>(
  { fields, initial, intent }: FormSpec<F, At>,
  query: URLSearchParams,
  at: At,
): Intent | null {
  return intent(fieldsFrom(query, fields, initial(at)), at);
}

export function formOf<F extends object, At>(
  spec: FormSpec<F, At>,
  Controls: ComponentType<FieldsProps<F, At>>,
): Form<At> {
  const { fields, initial } = spec;
  return {
    intentFrom: (query, at) => intentFrom(spec, query, at),
    Controls: ({ at, query, plan, onQuery }) => {
      const first = initial(at);
      const values = fieldsFrom(query, fields, first);
      return (
        <Controls
          at={at}
          values={values}
          plan={plan}
          onChange={(change) => onQuery(withFields(query, fields, { ...values, ...change }, first))}
        />
      );
    },
  };
}
