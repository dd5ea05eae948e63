import { expect, test } from 'vitest';
import { imageIdentity, nanoseconds } from './image-identity.ts';

const facts = { identity: null, capacity: 10, physical: 5, modified: nanoseconds('1000.345') };
const here = { ...facts, identity: '1 2' };
const at = (text: string) => ({ ...facts, modified: nanoseconds(text) });

test.each([
  ['one file of this machine', here, here, true, 'same'],
  ['two files of this machine', here, { ...here, identity: '1 3' }, true, 'different'],
  ['one length and time', facts, facts, false, 'same'],
  ['one length and time, though a guest may write to it', facts, facts, true, 'same'],
  [
    'an image that is written to, seen a little later',
    facts,
    { ...at('1001'), physical: 9 },
    true,
    'unknown',
  ],
  ['as long behind as a client may be', at('1000'), at('1120'), true, 'unknown'],
  ['longer behind than that: another file of that name', at('1000'), at('1120.000000001'), true, 'different'],
  ['another size', facts, { ...facts, capacity: 11 }, true, 'different'],
  ['another time of what nobody writes', facts, at('1000.346'), false, 'different'],
  ['another length', facts, { ...facts, physical: 6 }, false, 'different'],
  ['no times at all', { ...facts, modified: null }, { ...facts, modified: null }, false, 'unknown'],
  ['nothing there', facts, 'missing', true, 'missing'],
  ['nothing anywhere', 'missing', 'missing', true, 'missing'],
  ['unreadable there', facts, null, true, 'unknown'],
  ['unreadable here', null, facts, true, 'unknown'],
] as const)('%s', (_, one, other, written, expected) => {
  expect(imageIdentity(one, other, written)).toBe(expected);
});

test('libvirt leaves the fraction out where there is none', () => {
  expect(nanoseconds('12')).toBe(12_000_000_000n);
  expect(nanoseconds('12.000000001')).toBe(12_000_000_001n);
  expect(nanoseconds('12.5')).toBe(12_500_000_000n);
  expect(nanoseconds(null)).toBeNull();
  expect(nanoseconds('soon')).toBeNull();
});
