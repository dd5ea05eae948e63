import { expect, test } from 'vitest';
import { sameness } from './same-images.ts';

const told = { identity: null, capacity: 10, physical: 5, modified: '12.345' };

test.each([
  ['one file of this machine', { ...told, identity: '1 2' }, { ...told, identity: '1 2' }, true, 'same'],
  [
    'two files of this machine',
    { ...told, identity: '1 2' },
    { ...told, identity: '1 3' },
    true,
    'different',
  ],
  ['one length and time', told, told, false, 'same'],
  [
    'an image that is written to: only its size counts',
    told,
    { ...told, modified: '99', physical: 9 },
    true,
    'unknown',
  ],
  ['another size', told, { ...told, capacity: 11 }, true, 'different'],
  ['another time', told, { ...told, modified: '12.346' }, false, 'different'],
  ['another length', told, { ...told, physical: 6 }, false, 'different'],
  ['no times at all', { ...told, modified: null }, { ...told, modified: null }, false, 'unknown'],
  ['nothing there', told, 'missing', true, 'missing'],
  ['nothing anywhere', 'missing', 'missing', true, 'missing'],
  ['nobody can look there', told, null, true, 'unknown'],
  ['nobody can look here', null, told, true, 'unknown'],
] as const)('%s', (_, here, there, written, expected) => {
  expect(sameness(here, there, written)).toBe(expected);
});
