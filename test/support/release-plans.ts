import { emptyMap } from '../../model/content/cluster-map.ts';
import { capabilitiesOf } from '../../model/fleet/capabilities.ts';
import { NO_DEPENDENTS } from '../../model/fleet/dependents.ts';
import type { Destination } from '../../model/fleet/destination.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Leftover } from '../../model/fleet/leftover.ts';
import type { SnapshotRecord } from '../../model/fleet/snapshot-record.ts';
import type { IntentOf, Step } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { planDelete } from '../../model/plans/delete.ts';
import { planDeleteSnapshot } from '../../model/plans/delete-snapshot/delete-snapshot.ts';
import { planEndJob } from '../../model/plans/fixes/end-job.ts';
import { planRedefine } from '../../model/plans/fixes/redefine.ts';
import { planRepairLeaks } from '../../model/plans/fixes/repair-leaks.ts';
import { planResume } from '../../model/plans/fixes/resume.ts';
import { planRewriteHeader } from '../../model/plans/fixes/rewrite-header.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { planForget } from '../../model/plans/forget.ts';
import { planMergeDown } from '../../model/plans/merge-down.ts';
import { planMigration } from '../../model/plans/migrate/migrate.ts';
import { planMove } from '../../model/plans/move.ts';
import type { PlanOf } from '../../model/plans/plan.ts';
import { planRevert } from '../../model/plans/revert/revert.ts';
import { shortener } from '../../model/plans/shorten/shorten.ts';
import { planSnapshot } from '../../model/plans/snapshot.ts';
import { planUndo } from '../../model/plans/undo/undo.ts';
import {
  chainOf,
  diskWith,
  FACTS,
  flattenTo,
  freeSpaceOf,
  GIB,
  guestWith,
  imageAt,
  REF,
} from '../../model/testing.ts';

const [ACTIVE, MIDDLE, BASE] = ['/vm/web-1.qcow2', '/vm/web-1.monday.qcow2', '/vm/golden.qcow2'] as const;
const NEW = '/fast/web-1.qcow2';
const record: SnapshotRecord = {
  name: 'monday',
  description: 'Before the update',
  createdAt: Date.UTC(2026, 10, 30, 8),
  parent: null,
  disks: [{ target: 'vda', kind: 'external', frozen: MIDDLE, overlay: ACTIVE }],
};
const disk = diskWith(chainOf(ACTIVE, MIDDLE, BASE));
const flat = diskWith(chainOf(ACTIVE));
const guest = guestWith(disk, { records: [record] });
const free: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(100 * GIB) };
const facts = {
  ...FACTS,
  records: [record],
  disks: [disk],
  dependents: NO_DEPENDENTS,
  destinations: new Map([[NEW, free]]),
};
const offline = { ...facts, local: true, savedState: false };
const there = { at: 'there', beginsAsQcow2: true } as const;

const VERSIONS = { libvirtVersion: '9.0.0', qemuVersion: '7.2.0' };

const host = (id: string): Host => ({
  id,
  uri: `qemu+ssh://${id}/system`,
  name: id,
  state: 'connected',
  problem: null,
  local: false,
  ...VERSIONS,
  capabilities: capabilitiesOf(VERSIONS),
});

const leftover: Leftover = {
  path: '/vm/web-1.old.qcow2',
  identity: 'inode 1 2',
  format: 'qcow2',
  backing: [],
  backingPath: null,
  virtualSize: GIB,
  allocated: GIB / 2,
  modifiedAt: Date.UTC(2026, 10, 1),
  stamp: '9 1',
  pool: 'default',
  under: [],
  left: null,
};

type OneOrMore<T> = readonly [T, ...T[]];

/** Plans of every kind of intent and of step, for made-up guests and images. A kind without one does not compile. */
const PLANS: { readonly [Kind in Plan['intent']['kind']]: OneOrMore<PlanOf<IntentOf<Kind>, Step>> } = {
  flatten: [
    planFlatten(
      REF,
      disk,
      flattenTo(BASE, { snapshotFirst: { name: 'tuesday', file: NEW }, forgetAfter: true }),
      facts,
    ),
    planFlatten(REF, disk, flattenTo(null), facts),
    planFlatten(REF, disk, flattenTo(BASE), { ...facts, guestRuns: false }),
  ],
  'merge-down': [
    planMergeDown(
      REF,
      disk,
      { kind: 'merge-down', target: 'vda', top: MIDDLE, base: BASE, forgetAfter: true },
      facts,
    ),
    planMergeDown(
      REF,
      disk,
      { kind: 'merge-down', target: 'vda', top: ACTIVE, base: MIDDLE, forgetAfter: false },
      facts,
    ),
  ],
  shorten: [
    shortener(REF, disk, {
      ...facts,
      freeSpaces: new Map([ACTIVE, MIDDLE, BASE].map((key) => [key, freeSpaceOf(10 * GIB)])),
    })({
      kind: 'shorten',
      target: 'vda',
      goal: { kind: 'above', base: BASE },
      strategy: 'merge-down',
      pinned: [],
      forgetAfter: true,
    }),
  ],
  snapshot: [
    planSnapshot(
      guest,
      {
        kind: 'snapshot',
        name: 'tuesday',
        description: 'Before the next update',
        quiesce: true,
        disks: [{ target: 'vda', file: NEW }],
      },
      { ...facts, agent: 'connected' },
    ),
  ],
  forget: [planForget(guest, { kind: 'forget', names: ['monday'] }, facts)],
  revert: [
    planRevert(
      { ...guest, reverts: { current: 'monday', aside: [], writtenAt: {} } },
      { kind: 'revert', name: 'monday', keepAs: 'before' },
      { ...facts, dependents: [] },
    ),
  ],
  'delete-snapshot': [
    planDeleteSnapshot(
      { ...guest, reverts: { current: 'monday', aside: [], writtenAt: {} } },
      { kind: 'delete-snapshot', name: 'monday' },
      { ...facts, freeSpaces: new Map(), dependents: [] },
    ),
  ],
  move: [
    planMove(
      REF,
      disk,
      { kind: 'move', target: 'vda', file: NEW, strategy: 'copy' },
      {
        ...facts,
        destination: free,
      },
    ),
    planMove(
      REF,
      disk,
      { kind: 'move', target: 'vda', file: NEW, strategy: 'pull' },
      {
        ...facts,
        destination: free,
      },
    ),
  ],
  undo: [
    planUndo(
      guestWith(flat, { state: 'shutoff' }),
      flat,
      { kind: 'undo', target: 'vda', of: '5f0e6c1e-3f0d-4a52-9a44-0d8f1f1f4c55' },
      {
        ...offline,
        past: {
          target: 'vda',
          before: [ACTIVE, MIDDLE],
          after: [ACTIVE],
          format: 'qcow2',
          since: Date.UTC(2026, 10, 30, 9),
          forgotten: ['monday'],
        },
        old: { images: [imageAt(MIDDLE)], problem: null, writtenAt: { [MIDDLE]: Date.UTC(2026, 10, 30, 8) } },
        maps: new Map([ACTIVE, MIDDLE].map((key) => [key, emptyMap(GIB, 65536)])),
        others: NO_DEPENDENTS,
        recorded: true,
      },
    ),
  ],
  migrate: [
    planMigration(
      guest,
      { kind: 'migrate', to: 'beta', disks: [], pull: true, forgetFirst: true },
      {
        source: host('alpha'),
        destination: host('beta'),
        route: { destinationUri: 'qemu+ssh://beta/system', migrateUri: null },
        cpu: null,
        namesake: null,
        disks: new Map([
          [
            'vda',
            {
              file: NEW,
              from: ACTIVE,
              fileSystem: free,
              pool: 'default',
              images: [ACTIVE, MIDDLE, BASE].map((key) => ({ here: key, there: key, imageIdentity: 'same' })),
            },
          ],
        ]),
        kept: new Map(),
        users: new Map(),
        maps: new Map(),
      },
    ),
  ],
  'end-job': [endJob()],
  redefine: [
    planRedefine(
      guest,
      disk,
      { kind: 'redefine', target: 'vda' },
      {
        ...facts,
        defined: MIDDLE,
        live: ACTIVE,
        persistent: true,
      },
    ),
  ],
  'rewrite-header': [
    planRewriteHeader(
      guestWith(disk, { state: 'shutoff' }),
      disk,
      {
        kind: 'rewrite-header',
        target: 'vda',
        image: ACTIVE,
        backing: MIDDLE,
        format: 'qcow2',
        contentMayChange: false,
      },
      {
        ...offline,
        header: {
          name: 'web-1.monday.qcow2',
          format: null,
          now: there,
          wanted: there,
          same: true,
          loops: false,
        },
      },
    ),
  ],
  'repair-leaks': [
    planRepairLeaks(
      guestWith(disk, { state: 'shutoff' }),
      disk,
      { kind: 'repair-leaks', target: 'vda', image: MIDDLE },
      { ...offline, check: { leaks: 3, errors: 0 } },
    ),
  ],
  resume: [
    planResume(
      guestWith(disk, { state: 'paused', ioError: { disks: [{ target: 'vda', error: 'no-space' }] } }),
      { kind: 'resume' },
      facts,
    ),
  ],
  delete: [
    planDelete(
      { kind: 'delete', files: [leftover.path] },
      {
        hostId: 'alpha',
        blocked: [],
        leftovers: [leftover],
        kept: [],
        inUse: [],
        used: [],
        checked: { hosts: 1, guests: 1, records: 0, pools: 1, folders: 1, files: 1 },
        onlyPools: false,
      },
      'qemu:///system',
    ),
  ],
};

/** Throws where a plan is refused. */
export function releasePlans(): readonly Plan[] {
  const plans: readonly Plan[] = Object.values(PLANS).flat();
  for (const { intent, refusals } of plans)
    if (refusals[0] !== undefined)
      throw new Error(`The plan to ${intent.kind} is refused: ${refusals[0].code}`);
  return plans;
}

function endJob() {
  const busy = diskWith(disk.chain, { job: { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true } });
  const intent = { kind: 'end-job', target: 'vda', how: 'pivot' } as const;
  return planEndJob(guestWith(busy), busy, intent, { ...facts, mirror: [imageAt(NEW)] });
}
