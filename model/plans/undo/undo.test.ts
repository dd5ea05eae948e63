import { describe, expect, test } from 'vitest';
import { type ClusterMap, emptyMap, mark } from '../../content/cluster-map.ts';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import type { Disk } from '../../fleet/disk.ts';
import { chainOf, diskWith, FACTS, GIB, guestWith, imageAt, QCOW2 } from '../../testing.ts';
import type { OldImages } from './relink-refusals.ts';
import { relinkStepKind } from './relink-step.ts';
import { planUndo, type UndoFacts } from './undo.ts';

const [TOP, MID, BASE] = ['/vm/top', '/vm/mid', '/vm/base'] as const;
const INTENT = { kind: 'undo', target: 'vda', of: 'op' } as const;

/** A map of 1 GiB with data in these clusters of 64 KiB. */
function holding(...clusters: readonly number[]): ClusterMap {
  const map = emptyMap(GIB, 65536);
  for (const at of clusters) mark(map.data, at);
  return map;
}

const old: OldImages = {
  images: [imageAt(MID), imageAt(BASE)],
  problem: null,
  writtenAt: { [MID]: 100, [BASE]: 90 },
};

const facts: UndoFacts = {
  ...FACTS,
  past: { target: 'vda', before: [TOP, MID, BASE], after: [TOP], format: 'qcow2', since: 100, forgotten: [] },
  local: true,
  dependents: NO_DEPENDENTS,
  savedState: false,
  recorded: false,
  old,
  maps: new Map([
    [TOP, holding(1, 2, 3)],
    [MID, holding(2)],
    [BASE, holding(1)],
  ]),
  others: NO_DEPENDENTS,
};

const flat = diskWith(chainOf(TOP));

function planned(
  changes: Partial<UndoFacts> = {},
  disk: Disk = flat,
  state: 'shutoff' | 'running' = 'shutoff',
) {
  return planUndo(guestWith(disk, { state }), disk, INTENT, { ...facts, ...changes });
}

const refusals = (...given: Parameters<typeof planned>) => planned(...given).refusals;

test('the old chain comes back below the active image, by one header', () => {
  const plan = planned();
  expect(plan.refusals).toEqual([]);
  expect(plan.steps).toEqual([
    {
      kind: 'relink',
      hostId: 'alpha',
      target: 'vda',
      image: TOP,
      backing: { name: MID, format: 'qcow2' },
      before: [TOP],
      after: [TOP, MID, BASE],
      recorded: false,
      since: 100,
    },
  ]);
  expect(plan.disks[0]?.after.images.map(({ key }) => key)).toEqual([TOP, MID, BASE]);
  expect(plan.cost.atMost).toBe(0);
});

test('its price is shown: nothing is copied, and nothing becomes free', () => {
  expect(planned().warnings).toEqual([
    { code: 'UNDO_KEEPS', params: { image: 'top', written: 2 ** 20, count: 2, held: 2 ** 21 } },
  ]);
  const unread = { ...old, images: [imageAt(MID, { allocated: null }), imageAt(BASE)] };
  expect(planned({ old: unread }).warnings[0]?.params).toMatchObject({ held: 'unknown' });
});

test('a definition that names the chain is changed first, since libvirt would start the guest with that one', () => {
  const plan = planned({ recorded: true });
  const [step] = plan.steps;
  expect(step && relinkStepKind.command(plan, step, 0)).toEqual([
    'virsh dumpxml --inactive --security-info web-1 > web-1.xml',
    { note: 'drop-chain', params: { target: 'vda' } },
    'virsh define web-1.xml',
    'qemu-img rebase -u -f qcow2 -b /vm/mid -F qcow2 /vm/top',
  ]);
  expect(plan.fingerprint).not.toBe(planned().fingerprint);
});

test('what the flatten forgot does not come back', () => {
  const past = facts.past && { ...facts.past, forgotten: ['monday', 'tuesday'] };
  expect(planned({ past }).warnings).toContainEqual({
    code: 'UNDO_FORGOTTEN',
    params: { names: 'monday, tuesday', count: 2 },
  });
});

test('of a flatten toward a base only the images between come back', () => {
  const past = facts.past && { ...facts.past, after: [TOP, BASE] };
  const disk = diskWith(chainOf(TOP, BASE));
  const plan = planned({ past }, disk);
  expect(plan.refusals).toEqual([]);
  expect(plan.warnings[0]?.params).toMatchObject({ count: 1, held: 2 ** 20 });
  // The base may be written: it was in the chain all the time.
  const later = { ...old, writtenAt: { [MID]: 100, [BASE]: 101 } };
  expect(refusals({ past, old: later }, disk)).toEqual([]);
});

test('the plan is another one once the guest runs, or after another flatten', () => {
  const { fingerprint } = planned();
  expect(planned({}, flat, 'running').fingerprint).not.toBe(fingerprint);
  expect(planned({ past: facts.past && { ...facts.past, since: 101 } }).fingerprint).not.toBe(fingerprint);
});

describe('it is refused', () => {
  const code = (...given: Parameters<typeof planned>) => refusals(...given).map((one) => one.code);

  test('without such a flatten in the journal', () => {
    expect(code({ past: null })).toEqual(['UNDO_UNKNOWN_FLATTEN']);
    expect(code({ past: facts.past && { ...facts.past, format: null } })).toEqual(['UNDO_UNKNOWN_FLATTEN']);
    const network = facts.past && { ...facts.past, before: [TOP, 'nbd:base'] };
    expect(code({ past: network })).toEqual(['UNDO_UNKNOWN_FLATTEN']);
  });

  test('while the guest runs', () => {
    expect(code({ old: null }, flat, 'running')).toEqual(['GUEST_RUNS']);
  });

  test('on another machine', () => expect(code({ local: false, old: null })).toEqual(['UNDO_OUT_OF_REACH']));

  test('with a saved state', () => expect(code({ savedState: true })).toEqual(['SAVED_STATE']));

  test('once the chain is another one', () => {
    expect(code({}, diskWith(chainOf('/vm/new', TOP)))).toEqual(['UNDO_CHAIN_CHANGED']);
    expect(code({}, diskWith(chainOf(TOP, MID, BASE)))).toEqual(['UNDO_CHAIN_CHANGED']);
  });

  test('where another guest uses the active image', () => {
    const user = { hostId: 'alpha', uuid: 'u', guestName: 'db', target: 'vda', image: TOP };
    expect(code({ dependents: { ...NO_DEPENDENTS, users: [user] } })).toEqual(['HEADER_SHARED']);
  });

  test('where an old image is gone, can’t be followed or leads elsewhere', () => {
    const gone = { ...old, images: [imageAt(MID), imageAt(BASE, { missing: true })] };
    expect(refusals({ old: gone })).toEqual([{ code: 'UNDO_IMAGE_GONE', params: { image: BASE } }]);
    const stopped = { code: 'CHAIN_UNREADABLE', params: { reason: 'x' } } as const;
    expect(refusals({ old: { ...old, problem: stopped } })).toEqual([stopped]);
    expect(code({ old: { ...old, images: [imageAt(MID)] } })).toEqual(['UNDO_LEADS_ELSEWHERE']);
    expect(code({ old: null })).toEqual(['UNDO_UNKNOWN']);
  });

  test('where an old image was written since, or nobody knows', () => {
    const later = { ...old, writtenAt: { [MID]: 101, [BASE]: 90 } };
    expect(refusals({ old: later })).toEqual([{ code: 'UNDO_IMAGE_WRITTEN', params: { image: MID } }]);
    expect(code({ old: { ...old, writtenAt: { [MID]: 100 } } })).toEqual(['UNDO_UNKNOWN']);
  });

  test('where a guest writes to an old image, or nobody knows', () => {
    const user = { hostId: 'alpha', uuid: 'u', guestName: 'db', target: 'vda', image: BASE };
    expect(refusals({ others: { ...NO_DEPENDENTS, users: [user] } })).toEqual([
      { code: 'UNDO_IMAGE_USED', params: { image: BASE, guests: 'db (vda)' } },
    ]);
    expect(code({ others: { ...NO_DEPENDENTS, lost: [user] } })).toEqual(['USERS_ON_LOST_HOST']);
    expect(code({ others: { ...NO_DEPENDENTS, silent: ['db'] } })).toEqual(['USERS_SILENT']);
  });

  test('where the guest would read data again that it discarded', () => {
    const maps = new Map([...facts.maps, [TOP, holding(2)]]);
    expect(refusals({ maps })).toEqual([{ code: 'UNDO_SHOWS_OLD', params: { image: 'top', hidden: 65536 } }]);
  });

  test('where an allocation map can’t be read, or the active image is encrypted', () => {
    expect(code({ maps: new Map() })).toEqual(['UNDO_UNKNOWN']);
    const secret = diskWith({ images: [imageAt(TOP, { traits: { ...QCOW2, encrypted: true } })] });
    expect(code({}, secret)).toEqual(['UNDO_UNKNOWN']);
  });

  test('with internal snapshots, which fit only an image with nothing below', () => {
    const kept = diskWith({ images: [imageAt(TOP, { traits: { ...QCOW2, internalSnapshots: 1 } })] });
    expect(code({}, kept)).toEqual(['UNDO_INTERNAL_SNAPSHOTS']);
  });
});
