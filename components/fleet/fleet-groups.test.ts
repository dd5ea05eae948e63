import { expect, test } from 'vitest';
import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { Host } from '../../model/fleet/host.ts';
import { fleetGroups } from './fleet-groups.ts';
import { disk, guest, image } from './testing.ts';

const hostNamed = (id: string, name: string): Host => ({
  id,
  uri: `qemu:///${id}`,
  name,
  state: 'connected',
  problem: null,
  local: true,
  libvirtVersion: null,
  qemuVersion: null,
  capabilities: UNKNOWN_CAPABILITIES,
});

const fleet = {
  revision: '1',
  hosts: [hostNamed('b', 'beta'), hostNamed('alpha', 'alpha')],
  guests: [
    guest('web', [disk('vda', [image('/golden.img')])]),
    guest('db', []),
    guest('edge', [], { hostId: 'b' }),
  ],
};
const shape = (query: string) =>
  fleetGroups(fleet, query, 'name', 'en').map(({ host, rows }) => [
    host.name,
    rows.map((row) => [row.guest.name, row.hint]),
  ]);

test('hosts and guests by name, hosts without guests too', () => {
  expect(shape('')).toEqual([
    [
      'alpha',
      [
        ['db', null],
        ['web', null],
      ],
    ],
    ['beta', [['edge', null]]],
  ]);
});

test('a search leaves what it finds and says which image it was', () => {
  expect(shape('golden')).toEqual([['alpha', [['web', '/golden.img']]]]);
  expect(shape('nothing')).toEqual([]);
});
