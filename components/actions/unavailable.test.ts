import { expect, test } from 'vitest';
import type { Host } from '../../model/fleet/host.ts';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import type { ActionAt, ActionName } from './action.ts';
import { impossible } from './unavailable.ts';

const host: Host = {
  id: 'alpha',
  uri: 'qemu:///system',
  name: 'alpha',
  state: 'connected',
  problem: null,
  local: true,
  libvirtVersion: null,
  qemuVersion: null,
};
const disk = diskWith(chainOf('/active', '/base'));
const record = { name: 's1', description: null, createdAt: 0, parent: null, disks: [] };
const at: ActionAt = { host, guest: guestWith(disk, { records: [record] }), disk, picked: undefined };
const around = { busy: false, hosts: 2 };
const ALL: readonly ActionName[] = ['snapshot', 'move', 'merge', 'migrate', 'forget'];

test('everything is possible with a running guest whose disk has a chain and whose records are kept', () => {
  expect(ALL.map((action) => impossible(action, at, around))).toEqual([null, null, null, null, null]);
});

test('nothing is while the host is lost, or while an operation has the disk', () => {
  const lost: ActionAt = { ...at, host: { ...host, state: 'lost' } };
  expect(new Set(ALL.map((action) => impossible(action, lost, around)))).toEqual(new Set(['hostLost']));
  const busy = { ...around, busy: true };
  expect(new Set(ALL.map((action) => impossible(action, at, busy)))).toEqual(new Set(['busy']));
});

test('what is missing is told', () => {
  const off: ActionAt = { ...at, guest: { ...at.guest, state: 'shutoff' } };
  expect(impossible('migrate', off, around)).toBe('notRunning');
  expect(impossible('migrate', at, { ...around, hosts: 1 })).toBe('noOtherHost');
  expect(impossible('forget', { ...at, guest: { ...at.guest, records: [] } }, around)).toBe('noRecords');
  const alone = diskWith(chainOf('/active'));
  expect(impossible('merge', { ...at, disk: alone }, around)).toBe('oneImage');
  const empty = diskWith(null);
  const drive: ActionAt = { ...at, disk: empty, guest: guestWith(empty) };
  expect(impossible('move', drive, around)).toBe('noChain');
  expect(impossible('snapshot', drive, around)).toBe('noChain');
});
