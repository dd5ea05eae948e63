import { expect, test } from 'vitest';
import {
  count,
  type Fields,
  fieldsFrom,
  flag,
  oneOf,
  optionalText,
  text,
  textByKey,
  texts,
  withFields,
} from './fields.ts';

interface Form {
  readonly name: string;
  readonly top: string | null;
  readonly pull: boolean;
  readonly images: number;
  readonly goal: 'above' | 'only';
  readonly record: readonly string[];
  readonly file: ReadonlyMap<string, string>;
}
const FIELDS: Fields<Form> = {
  name: text,
  top: optionalText,
  pull: flag,
  images: count,
  goal: oneOf(['above', 'only']),
  record: texts,
  file: textByKey,
};
const INITIAL: Form = {
  name: 'snapshot',
  top: null,
  pull: true,
  images: 2,
  goal: 'above',
  record: ['one', 'two'],
  file: new Map(),
};
const NOTHING = new URLSearchParams();

test.each<Partial<Form>>([
  {},
  { name: '', top: '' },
  { name: 'ü & =', top: '/vm/a b.qcow2' },
  { pull: false, images: 0, goal: 'only' },
  { record: [] },
  { record: ['two'] },
  {
    file: new Map([
      ['vda', '/vm/a:b.qcow2'],
      ['vdb', ''],
    ]),
  },
])('%j survives the address', (changes) => {
  const values = { ...INITIAL, ...changes };
  expect(fieldsFrom(withFields(NOTHING, FIELDS, values, INITIAL), FIELDS, INITIAL)).toEqual(values);
});

test('what a form begins with is left out, and the rest of the query stays', () => {
  const query = new URLSearchParams('view=table&name=x&record=one');
  expect(withFields(query, FIELDS, INITIAL, INITIAL).toString()).toBe('view=table');
  const changed = { ...INITIAL, record: ['one'], pull: false };
  expect(withFields(query, FIELDS, changed, INITIAL).toString()).toBe('view=table&pull=no&record=one');
});

test.each(['pull=maybe', 'images=-1', 'images=many', 'goal=nothing', 'file=:x', 'file=vda'])(
  '%s is no value, and the form begins as ever',
  (query) => {
    expect(fieldsFrom(new URLSearchParams(query), FIELDS, INITIAL)).toEqual(INITIAL);
  },
);
