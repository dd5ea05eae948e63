import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../model/fleet/capabilities.ts';
import { NO_CHECKPOINTS } from '../../model/fleet/checkpoint.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import { type FleetList, fleetAfter } from './fleet-list.ts';

const VERSIONS = { libvirtVersion: '9.0.0', qemuVersion: '7.2.0' };

const host = (id: string): Host => ({
  id,
  uri: `qemu:///${id}`,
  name: id,
  state: 'connected',
  problem: null,
  local: true,
  ...VERSIONS,
  capabilities: capabilitiesOf(VERSIONS),
});

const guest = (hostId: string, uuid: string): Guest => ({
  hostId,
  uuid,
  name: uuid,
  state: 'running',
  machine: null,
  confinedBy: [],
  disks: [],
  unread: null,
  ioError: null,
  reverts: null,
  records: [],
  checkpoints: NO_CHECKPOINTS,
});

const fleet: FleetList = {
  revision: '1',
  hosts: [host('alpha'), host('beta')],
  guests: [guest('alpha', 'a'), guest('beta', 'a'), guest('alpha', 'b')],
};

test('a changed guest is replaced in its place; the others keep their identity', () => {
  const changed = { ...guest('beta', 'a'), state: 'paused' as const };
  const after = fleetAfter(fleet, { kind: 'guest', guest: changed });
  expect(after.guests[1]).toBe(changed);
  expect(after.guests[0]).toBe(fleet.guests[0]);
  expect(after.guests[2]).toBe(fleet.guests[2]);
  expect(after.hosts).toBe(fleet.hosts);
});

test('a new guest comes at the end, a gone one leaves only its own host', () => {
  expect(fleetAfter(fleet, { kind: 'guest', guest: guest('beta', 'c') }).guests.at(-1)?.uuid).toBe('c');
  const after = fleetAfter(fleet, { kind: 'guest-gone', guest: { hostId: 'beta', uuid: 'a' } });
  expect(after.guests.map((left) => `${left.hostId}/${left.uuid}`)).toEqual(['alpha/a', 'alpha/b']);
});

test('a removed host takes its guests along', () => {
  const after = fleetAfter(fleet, { kind: 'host-removed', hostId: 'alpha' });
  expect(after.hosts.map((left) => left.id)).toEqual(['beta']);
  expect(after.guests.map((left) => left.hostId)).toEqual(['beta']);
});

test('a lost host keeps its guests', () => {
  const lost = { ...host('alpha'), state: 'lost' as const };
  const after = fleetAfter(fleet, { kind: 'host', host: lost });
  expect(after.hosts[0]).toBe(lost);
  expect(after.guests).toBe(fleet.guests);
});

test('the revision stays what was read, and other events change nothing', () => {
  expect(fleetAfter(fleet, { kind: 'guest', guest: guest('alpha', 'b') }).revision).toBe('1');
  expect(fleetAfter(fleet, { kind: 'hello', revision: '2' })).toBe(fleet);
});
