import { expect, test } from 'vitest';
import type { Host } from '../../model/fleet/host.ts';
import { problem } from '../../model/problem.ts';
import { disk, guest, image } from '../fleet/testing.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { findingKey, findings } from './findings.ts';

const lost: Host = {
  id: 'beta',
  uri: 'qemu:///system',
  name: 'beta',
  state: 'lost',
  problem: problem('HOST_LOST', { reason: 'refused' }),
  local: true,
  libvirtVersion: null,
  qemuVersion: null,
};
const deep = (layers: number) => Array.from({ length: layers }, (_, i) => image(`/${layers}-${i}`));
const record = {
  name: 'snap1',
  description: null,
  createdAt: 0,
  parent: null,
  disks: [{ target: 'vda', kind: 'external' as const, frozen: '/gone', overlay: '/a' }],
};

test('the worst comes first, the deepest chain before the less deep one', () => {
  const job = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } as const;
  const fleet: FleetList = {
    revision: '1',
    hosts: [{ ...lost, id: 'alpha', state: 'connected', problem: null }, lost],
    guests: [
      guest('old', [disk('vda', [image('/a')])], { records: [record] }),
      guest('mail', [disk('vda', deep(12)), disk('vdb', deep(11))]),
      guest('copied', [{ ...disk('vda', [image('/a')]), job }]),
      guest('log', [disk('vda', deep(64))]),
      guest('shut', [{ ...disk('vda', null), problem: problem('CHAIN_UNREADABLE', { reason: 'denied' }) }]),
      guest('broken', [
        {
          ...disk('vda', [{ ...image('/lost'), missing: true }]),
          problem: problem('IMAGE_MISSING', { image: 'lost' }),
        },
      ]),
    ],
  };
  const found = findings(fleet, () => false);
  expect(
    found.map((finding) => `${finding.kind} ${'guest' in finding ? finding.guest.name : finding.host.name}`),
  ).toEqual([
    'host beta',
    'missing broken',
    'unreadable shut',
    'job copied',
    'deep log',
    'deep mail',
    'stale old',
  ]);
  // A job of an operation is nobody's worry.
  expect(findings(fleet, () => true).map(({ kind }) => kind)).not.toContain('job');
  expect(new Set(found.map(findingKey)).size).toBe(found.length);
});

test('a fleet in order has none', () => {
  const fleet = { revision: '1', hosts: [], guests: [guest('a', [disk('vda', deep(11))])] };
  expect(findings(fleet, () => false)).toEqual([]);
});

test('a guest that QEMU paused is told of before all that can wait', () => {
  const ioError = { disks: [{ target: 'vda', error: 'no-space' }] } as const;
  const fleet: FleetList = {
    revision: '1',
    hosts: [],
    guests: [
      guest('mail', [disk('vda', deep(12))]),
      guest('full', [disk('vda', [image('/a')])], { state: 'paused', ioError }),
      guest('paused', [disk('vda', [image('/b')])], { state: 'paused' }),
    ],
  };
  const found = findings(fleet, () => false);
  expect(found.map(findingKey)).toEqual(['stopped alpha uuid-of-full', 'deep alpha uuid-of-mail vda']);
});
