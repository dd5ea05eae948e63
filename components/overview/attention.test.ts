import { expect, test } from 'vitest';
import { findingKey } from '../../model/doctor/finding.ts';
import type { SnapshotRecord } from '../../model/fleet/snapshot-record.ts';
import { problem } from '../../model/problem.ts';
import { disk, guest, image } from '../fleet/testing.ts';
import type { FleetList } from '../live/fleet-list.ts';
import { attention } from './attention.ts';

const deep = (layers: number) => Array.from({ length: layers }, (_, i) => image(`/${layers}-${i}`));
const record = (frozen: string): SnapshotRecord => ({
  name: 'snap1',
  description: null,
  createdAt: 0,
  parent: null,
  disks: [{ target: 'vda', kind: 'external', frozen, overlay: '/a' }],
});
const fleetOf = (...guests: FleetList['guests']): FleetList => ({ revision: '1', hosts: [], guests });

test('the worst comes first, the deepest chain before the less deep one', () => {
  const job = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } as const;
  const fleet = fleetOf(
    guest('old', [disk('vda', [image('/a')])], { records: [record('/gone')] }),
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
  );
  const found = attention(fleet, () => false);
  expect(found.map(({ code, guestName }) => `${code} ${guestName}`)).toEqual([
    'IMAGE_MISSING broken',
    'UNREADABLE shut',
    'JOB_READY copied',
    'DEEP log',
    'DEEP mail',
    'RECORDS_STALE old',
  ]);
  expect(new Set(found.map(findingKey)).size).toBe(found.length);
});

test('the block job of an operation needs no attention', () => {
  const job = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } as const;
  const fleet = fleetOf(guest('copied', [{ ...disk('vda', [image('/a')]), job }]));
  expect(attention(fleet, ({ target }) => target === 'vda')).toEqual([]);
  expect(attention(fleet, ({ target }) => target === 'vdb')).toHaveLength(1);
});

test('a fleet in order needs none, and notes do not call for it', () => {
  const ordered = guest('a', [disk('vda', deep(11))]);
  const noted = guest('b', [disk('vda', [image('/a'), image('/b')])], { records: [record('/b')] });
  expect(attention(fleetOf(ordered, noted), () => false)).toEqual([]);
});

test('a guest that QEMU paused comes before everything that can wait', () => {
  const ioError = { disks: [{ target: 'vda', error: 'no-space' }] } as const;
  const fleet = fleetOf(
    guest('mail', [disk('vda', deep(12))]),
    guest('full', [disk('vda', [image('/a')])], { state: 'paused', ioError }),
    guest('paused', [disk('vda', [image('/b')])], { state: 'paused' }),
  );
  expect(attention(fleet, () => false).map(({ code, guestName }) => [code, guestName])).toEqual([
    ['PAUSED_IO_ERROR', 'full'],
    ['DEEP', 'mail'],
  ]);
});
