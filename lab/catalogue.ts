import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hostOf, type Lab, type LabGuest } from './description.ts';
import { LabError } from './error.ts';
import type { GuestSpec } from './guest-spec.ts';
import { GiB, KiB, type LayerSpec, MiB, makeLayers } from './image.ts';
import { handOver } from './namespace.ts';
import { nbdUrl, serveNbd } from './nbd.ts';
import { virsh } from './virsh.ts';
import { assembleWriter, writerSpec } from './writer.ts';

/** Guests that are made together, with what has to be there before them and what happens to them afterwards. */
export interface Entry {
  /** Whether the set `core` has them: the ones that most tests need. */
  core?: true;
  prepare?: (lab: Lab) => Promise<void>;
  guests: readonly GuestSpec[];
  finish?: (lab: Lab, guests: readonly LabGuest[]) => Promise<void>;
}

export type GuestSet = 'all' | 'core' | 'none';

/**
 * The entries of a set, or those that hold the named guests. Throws `no-guest` for a name that nothing here has.
 * @param deepest how many layers the deepest chain has
 */
export function select(
  dir: string,
  set: GuestSet,
  only: readonly string[] | undefined,
  deepest: number,
): Entry[] {
  const all = entries(dir, deepest);
  if (!only) return set === 'none' ? [] : all.filter(({ core }) => set === 'all' || core);
  const names = all.flatMap(({ guests }) => guests.map(({ name }) => name));
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length === 0) return all.filter(({ guests }) => guests.some(({ name }) => only.includes(name)));
  throw new LabError(
    'no-guest',
    `The lab knows no guest ${unknown.join(', ')}. It knows ${names.join(', ')}.`,
  );
}

function entries(dir: string, deepest: number): Entry[] {
  return [
    { core: true, guests: [web1] },
    { core: true, guests: [db1] },
    {
      core: true,
      prepare: makeGolden,
      guests: [golden('app-1'), golden('app-2'), golden('app-3', 'shut off')],
    },
    { core: true, guests: [{ name: 'mail', disks: [{ layers: layers('mail', 12, 4 * MiB) }] }] },
    { guests: [{ name: 'deep', disks: [{ layers: layers('deep', deepest, 128 * KiB) }] }] },
    { core: true, guests: [{ name: 'batch-1', state: 'paused', disks: [{ layers: layers('batch-1', 2) }] }] },
    {
      core: true,
      guests: [{ name: 'report-1', state: 'shut off', disks: [{ layers: layers('report-1', 3) }] }],
    },
    { guests: [ci1], finish: pullAway },
    { guests: [{ name: 'wiki', disks: [{ layers: oddNames }] }] },
    { guests: [{ name: 'legacy-1', disks: [{ layers: rawBase }] }] },
    { prepare: serveBase, guests: [{ name: 'thin-1', disks: [{ layers: nbdBase(dir) }] }] },
    {
      guests: [{ name: 'files-1', cdrom: 'sda', disks: [{ layers: layers('files-1', 2), pool: 'default' }] }],
    },
    { guests: [{ name: 'build-1', disks: [{ layers: subclusters }] }] },
    { guests: [{ name: 'test-1', disks: [{ layers: internalSnapshot }] }] },
    {
      guests: [{ name: 'lost-1', state: 'shut off', disks: [{ layers: layers('lost-1', 3) }] }],
      finish: loseBase,
    },
    { prepare: makeVault, guests: [vault(dir)], finish: lockVault },
    { core: true, guests: [{ host: 'beta', name: 'edge-1', disks: [{ layers: layers('edge-1', 2) }] }] },
    {
      core: true,
      guests: [{ host: 'beta', name: 'edge-2', state: 'shut off', disks: [{ layers: layers('edge-2', 1) }] }],
    },
    // Last, since it is the only guest that uses the CPU while the others are made.
    { core: true, prepare: (lab) => assembleWriter(lab.dir), guests: [writerSpec(dir)] },
  ];
}

/** Layers of a chain, each with a part of its own and a part that the next one writes over. */
function layers(guest: string, count: number, length = MiB): LayerSpec[] {
  return Array.from({ length: count }, (_, level) => ({
    file: level === 0 ? `${guest}-base.qcow2` : `${guest}-${String(level).padStart(2, '0')}.qcow2`,
    writes: [{ pattern: level + 1, offset: (level * length) / 2, length }],
  }));
}

/** The guide's chain: `base <- sn1 <- sn2 <- active`, with 512 MiB in each of the two in the middle. */
const web1: GuestSpec = {
  name: 'web-1',
  disks: [
    {
      size: 4 * GiB,
      layers: [
        { file: 'web-1-base.img', format: 'raw', writes: [{ pattern: 0x11, offset: 0, length: 64 * MiB }] },
        {
          file: 'web-1-sn1.qcow2',
          snapshot: 'sn1',
          writes: [{ pattern: 0x22, offset: 32 * MiB, length: 512 * MiB }],
        },
        {
          file: 'web-1-sn2.qcow2',
          snapshot: 'sn2',
          writes: [
            { pattern: 0x33, offset: 480 * MiB, length: 256 * MiB },
            { pattern: 0x34, offset: 1 * GiB, length: 256 * MiB },
          ],
        },
        { file: 'web-1-active.qcow2', writes: [{ pattern: 0x44, offset: 16 * MiB, length: 8 * MiB }] },
      ],
    },
  ],
};

/** Two disks; the second one's base is large enough for a throttled pull to be watched. */
const db1: GuestSpec = {
  name: 'db-1',
  disks: [
    { target: 'vda', layers: layers('db-1-system', 3, 2 * MiB) },
    {
      target: 'vdb',
      size: 2 * GiB,
      layers: [
        { file: 'db-1-data-base.qcow2', writes: [{ pattern: 0x55, offset: 0, length: 512 * MiB }] },
        { file: 'db-1-data-active.qcow2', writes: [{ pattern: 0x66, offset: 256 * MiB, length: 4 * MiB }] },
      ],
    },
  ],
};

const GOLDEN: LayerSpec = {
  file: 'debian-12-golden.qcow2',
  writes: [{ pattern: 0x77, offset: 0, length: 32 * MiB }],
};

async function makeGolden(lab: Lab): Promise<void> {
  await makeLayers(lab, hostOf(lab, 'alpha'), [GOLDEN], GiB);
}

function golden(name: string, state: LabGuest['state'] = 'running'): GuestSpec {
  const own = { file: `${name}.qcow2`, writes: [{ pattern: 0x78, offset: 16 * MiB, length: 2 * MiB }] };
  return { name, state, disks: [{ layers: [{ ...GOLDEN, existing: true }, own] }] };
}

/** Two snapshots were made and their images pulled away: the records are stale. */
const ci1: GuestSpec = {
  name: 'ci-1',
  disks: [
    {
      layers: layers('ci-1', 4).map((layer, level) =>
        level === 1 || level === 2 ? { ...layer, snapshot: `nightly-${level}` } : layer,
      ),
    },
  ],
};

async function pullAway(lab: Lab, [guest]: readonly LabGuest[]): Promise<void> {
  const disk = guest?.disks[0];
  const [active, base] = [disk?.images.at(0), disk?.images.at(-1)];
  if (!guest || !disk || !active || !base) return;
  await virsh(hostOf(lab, guest.host), 'blockpull', guest.uuid, disk.target, '--base', base, '--wait');
  disk.images = [active, base];
}

const oddNames: LayerSpec[] = [
  { file: "wiki base <1> & 'old'.qcow2", writes: [{ pattern: 1, offset: 0, length: MiB }] },
  { file: `café "q" & 'ü' 名.qcow2`, writes: [{ pattern: 2, offset: 0, length: MiB / 2 }] },
];

const rawBase: LayerSpec[] = [
  { file: 'legacy-1.img', format: 'raw', writes: [{ pattern: 0x10, offset: 0, length: 8 * MiB }] },
  { file: 'legacy-1-active.qcow2', writes: [{ pattern: 0x20, offset: 4 * MiB, length: 2 * MiB }] },
];

const NBD_BASE: LayerSpec = {
  file: 'thin-1-export.img',
  format: 'raw',
  writes: [{ pattern: 0x30, offset: 0, length: 8 * MiB }],
};

async function serveBase(lab: Lab): Promise<void> {
  const [image = ''] = await makeLayers(lab, hostOf(lab, 'alpha'), [NBD_BASE], GiB);
  await serveNbd(lab, image);
}

function nbdBase(dir: string): LayerSpec[] {
  return [
    { file: nbdUrl(dir), format: 'raw', existing: true },
    { file: 'thin-1-active.qcow2', writes: [{ pattern: 0x31, offset: MiB, length: MiB }] },
  ];
}

const subclusters: LayerSpec[] = layers('build-1', 3).map((layer, level) =>
  level === 2 ? { ...layer, options: 'extended_l2=on' } : layer,
);

const internalSnapshot: LayerSpec[] = layers('test-1', 3).map((layer, level) =>
  level === 1 ? { ...layer, internalSnapshot: 'before-upgrade' } : layer,
);

async function loseBase(_: Lab, [guest]: readonly LabGuest[]): Promise<void> {
  const base = guest?.disks[0]?.images.at(-1);
  if (base) await rm(base);
}

function vault(dir: string): GuestSpec {
  const [base, active] = ['vault-1-base.qcow2', 'vault-1.qcow2'].map((name) => join(dir, 'unreadable', name));
  return {
    name: 'vault-1',
    state: 'shut off',
    disks: [{ layers: [{ file: base ?? '' }, { file: active ?? '' }] }],
  };
}

async function makeVault(lab: Lab): Promise<void> {
  await mkdir(lab.folders.unreadable, { recursive: true, mode: 0o700 });
  await handOver(lab.namespace, lab.folders.unreadable);
}

async function lockVault(lab: Lab): Promise<void> {
  await chmod(lab.folders.unreadable, 0o000);
}
