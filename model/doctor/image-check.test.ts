import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../testing.ts';
import { checkFindings } from './image-check.ts';

const guest = guestWith(diskWith(chainOf('/a', '/b')));
const check = { image: '/a', leaks: 0, errors: 0, written: false };
const short = (...checks: Parameters<typeof checkFindings>[2]) =>
  checkFindings(guest, 'vda', checks).map(({ code, severity, image }) => `${severity} ${code} ${image}`);

test('errors are worse than leaks, and neither proves anything of an image that is written', () => {
  expect(short(check)).toEqual([]);
  expect(short({ ...check, leaks: 2 }, { ...check, image: '/b', errors: 1 })).toEqual([
    'bad CHECK_ERRORS /b',
    'warn CHECK_LEAKS /a',
  ]);
  expect(short({ ...check, leaks: 2, errors: 1, written: true })).toEqual([
    'note CHECK_ERRORS /a',
    'note CHECK_LEAKS /a',
  ]);
});
