import { expect, test } from 'vitest';
import { type Finding, findingOf } from '../../model/doctor/finding.ts';
import { guest } from '../fleet/testing.ts';
import { findingGroups } from './finding-groups.ts';

const note = (name: string, image: string): Finding =>
  findingOf(guest(name, []), 'vda', { code: 'BACKING_RELATIVE', severity: 'note', image });

test('what is alike on one disk is one row, after what is worse', () => {
  const deep = findingOf(guest('mail', []), 'vda', { code: 'DEEP', severity: 'warn' });
  const groups = findingGroups([note('mail', '/1'), note('a', '/1'), note('mail', '/2'), deep]);
  expect(groups.map(({ first, others }) => [first.guestName, first.code, others.length])).toEqual([
    ['mail', 'DEEP', 0],
    ['a', 'BACKING_RELATIVE', 0],
    ['mail', 'BACKING_RELATIVE', 1],
  ]);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
});
