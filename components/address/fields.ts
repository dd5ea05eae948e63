/** How a query contains a value of a form: as the texts of one name. */
export interface Field<T> {
  /** `undefined` for texts that are no such value. */
  read(texts: readonly string[]): T | undefined;
  write(value: T): readonly string[];
}

/** A field for each value of a form, by the name that the query has it under. */
export type Fields<F> = { readonly [Name in keyof F]: Field<F[Name]> };

export const text: Field<string> = {
  read: ([first]) => first,
  write: (value) => [value],
};

/** A text or, where the query does not have the name, none. A form must begin with none. */
export const optionalText: Field<string | null> = {
  read: ([first]) => first,
  write: (value) => (value === null ? [] : [value]),
};

export const flag: Field<boolean> = {
  read: ([first]) => (first === 'yes' ? true : first === 'no' ? false : undefined),
  write: (value) => [value ? 'yes' : 'no'],
};

/** A whole number, not negative. */
export const count: Field<number> = {
  read: ([first = '']) => (/^\d{1,9}$/.test(first) ? Number(first) : undefined),
  write: (value) => [String(value)],
};

export function oneOf<T extends string>(values: readonly T[]): Field<T> {
  return {
    read: ([first]) => values.find((value) => value === first),
    write: (value) => [value],
  };
}

/** Several texts, none of them empty. None at all is one empty text, since a query can't have a name without any. */
export const texts: Field<readonly string[]> = {
  read: (found) => (found.length === 0 ? undefined : found.filter((one) => one !== '')),
  write: (values) => (values.length === 0 ? [''] : values),
};

/** A text for each of several keys, which have no colon, such as a path for each disk. A form must begin with none. */
export const textByKey: Field<ReadonlyMap<string, string>> = {
  read: (found) =>
    new Map(
      found.flatMap((one) => {
        const colon = one.indexOf(':');
        return colon < 1 ? [] : [[one.slice(0, colon), one.slice(colon + 1)]];
      }),
    ),
  write: (values) => [...values].map(([key, value]) => `${key}:${value}`),
};

/** What the query says of each field, and what the form begins with where it says nothing that can be read. */
export function fieldsFrom<F extends object>(query: URLSearchParams, fields: Fields<F>, initial: F): F {
  const values = { ...initial };
  for (const name in fields) {
    const value = fields[name].read(query.getAll(name));
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** The query with these values, without those that the form begins with; the rest of it stays. */
export function withFields<F extends object>(
  query: URLSearchParams,
  fields: Fields<F>,
  values: F,
  initial: F,
): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const name in fields) {
    const [said, first] = [fields[name].write(values[name]), fields[name].write(initial[name])];
    next.delete(name);
    if (JSON.stringify(said) !== JSON.stringify(first)) for (const one of said) next.append(name, one);
  }
  return next;
}
