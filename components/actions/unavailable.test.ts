import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import type { ActionAt, ActionName } from './action.ts';
import { hostAt } from './testing.ts';
import { whyUnavailable } from './unavailable.ts';

const host = hostAt('alpha');
const disk = diskWith(chainOf('/active', '/base'));
const record = { name: 's1', description: null, createdAt: 0, parent: null, disks: [] };
const at: ActionAt = {
  host,
  others: [hostAt('beta')],
  guest: guestWith(disk, { records: [record] }),
  disk,
  picked: undefined,
};
const ALL: readonly ActionName[] = ['snapshot', 'move', 'merge-down', 'migrate', 'forget'];

test('everything is possible with a running guest whose disk has a chain and whose records are kept', () => {
  expect(ALL.map((action) => whyUnavailable(action, at, false))).toEqual([null, null, null, null, null]);
});

test('nothing is while the host is lost, or while an operation has the disk', () => {
  const lost: ActionAt = { ...at, host: { ...host, state: 'lost' } };
  expect(new Set(ALL.map((action) => whyUnavailable(action, lost, false)))).toEqual(new Set(['hostLost']));
  expect(new Set(ALL.map((action) => whyUnavailable(action, at, true)))).toEqual(new Set(['busy']));
});

test('what is missing is named', () => {
  const off: ActionAt = { ...at, guest: { ...at.guest, state: 'shutoff' } };
  expect(whyUnavailable('migrate', off, false)).toBe('notRunning');
  expect(whyUnavailable('migrate', { ...at, others: [] }, false)).toBe('noOtherHost');
  expect(whyUnavailable('forget', { ...at, guest: { ...at.guest, records: [] } }, false)).toBe('noRecords');
  const alone = diskWith(chainOf('/active'));
  expect(whyUnavailable('merge-down', { ...at, disk: alone }, false)).toBe('oneImage');
  const empty = diskWith(null);
  const drive: ActionAt = { ...at, disk: empty, guest: guestWith(empty) };
  expect(whyUnavailable('move', drive, false)).toBe('noChain');
  expect(whyUnavailable('snapshot', drive, false)).toBe('noChain');
});
