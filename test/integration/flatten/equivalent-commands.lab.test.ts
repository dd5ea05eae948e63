import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import type { LabGuest } from '../../../lab/lab.ts';
import { until } from '../../../lab/process.ts';
import { run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { keys } from '../../../model/fleet/chain.ts';
import { commandsOf } from '../../../model/kinds/commands.ts';
import type { Intent } from '../../../model/kinds/kinds.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { Command } from '../../../model/plans/command.ts';
import { flattenTo } from '../../../model/testing.ts';
import { contentThere, fileThere, isOn, toBeta, traveller } from '../../support/migrating.ts';
import { alpha, beta, contentOf, dashboard, folder, guestFor, imagesOf } from '../../support/rig.ts';

// The flattens of the guide are typed as the browser shows them in e2e/equivalent-commands.spec.ts.

/** Four images, the middle ones with records, and a path that has to be quoted for a shell. */
async function recorded(name: string, state: 'running' | 'shut off' = 'running'): Promise<LabGuest> {
  const layers = [0, 1, 2, 3].map((level) => ({
    file: `${name} it's $(${level}).qcow2`,
    writes: [{ pattern: 16 + level, offset: level * 4 * MiB, length: 6 * MiB }],
  }));
  return guestFor({ name, state, disks: [{ layers, size: 32 * MiB }] });
}

interface Case {
  readonly what: string;
  readonly state?: 'running' | 'shut off';
  readonly intent: (images: readonly string[]) => Intent;
}

const target = 'vda';
const at = (images: readonly string[], position: number) => images[position] ?? '';
const fresh = (images: readonly string[], name: string) =>
  join(at(images, 0), '..', `${name}, of 'hand'.qcow2`);

const CASES: readonly Case[] = [
  {
    what: 'a merge down below the active image',
    intent: (images) => ({
      kind: 'merge-down',
      target,
      top: at(images, 1),
      base: at(images, 3),
      forgetAfter: true,
    }),
  },
  {
    what: 'a merge down of all, with the pivot',
    intent: (images) => ({
      kind: 'merge-down',
      target,
      top: at(images, 0),
      base: at(images, 3),
      forgetAfter: true,
    }),
  },
  {
    what: 'the strategy through an image in the middle',
    intent: (images) => ({
      kind: 'shorten',
      target,
      goal: { kind: 'only', image: at(images, 1) },
      strategy: 'cheapest',
      pinned: [],
      forgetAfter: true,
    }),
  },
  {
    what: 'a flatten with a snapshot first, whose records go',
    intent: (images) => ({
      ...flattenTo(at(images, 3)),
      snapshotFirst: { name: 'before it', file: fresh(images, 'first') },
      forgetAfter: true,
    }),
  },
  {
    what: 'a move by a copy',
    intent: (images) => ({ kind: 'move', target, file: fresh(images, 'copied'), strategy: 'copy' }),
  },
  {
    what: 'a move as the guide does it',
    intent: (images) => ({ kind: 'move', target, file: fresh(images, 'moved'), strategy: 'pull' }),
  },
  {
    what: 'a snapshot',
    intent: (images) => ({
      kind: 'snapshot',
      name: "Ann's, 1",
      description: 'before "the" $update',
      quiesce: false,
      disks: [{ target, file: fresh(images, 'snapped') }],
    }),
  },
  {
    what: 'a flatten of a guest that is shut off',
    state: 'shut off',
    intent: (images) => flattenTo(at(images, 3)),
  },
];

/** The commands alone, without the notes. */
function shellLines(...commands: readonly Command[]): readonly string[] {
  return commands.flat().filter((line) => typeof line === 'string');
}

async function typed(plan: Plan): Promise<void> {
  expect(plan.refusals).toEqual([]);
  const { path } = await folder();
  await run('sh', ['-e'], [`cd ${path}`, ...shellLines(...commandsOf(plan, 0))].join('\n'));
}

const recordsOf = async (guest: LabGuest) =>
  (await virsh(alpha, 'snapshot-list', guest.uuid, '--name')).split('\n').filter((name) => name !== '');

describe('the equivalent commands that a plan shows do the same:', () => {
  test.each(CASES)('$what', async ({ what, state = 'running', intent }) => {
    const guest = await recorded(`hand-${CASES.findIndex((one) => one.what === what)}`, state);
    const images = imagesOf(guest);
    const before = await contentOf(guest);
    if (state === 'running')
      await virsh(
        alpha,
        'snapshot-create-as',
        guest.uuid,
        'kept',
        '--disk-only',
        '--diskspec',
        `vda,file=${images[0]}.kept`,
      );
    guest.files.push(`${images[0]}.kept`);
    const parts = await dashboard();
    const wanted = intent(state === 'running' ? parts.chain(guest) : images);
    const plan = await parts.preview(guest, wanted);
    const after = keys(plan.disks[0]?.after ?? { images: [] });
    guest.files.push(...after);
    await typed(plan);
    await until(
      'the planned chain',
      async () => JSON.stringify(parts.chain(guest)) === JSON.stringify(after),
    );
    expect(await contentOf(guest)).toBe(before);
    expect((await virsh(alpha, 'domstate', guest.uuid)).trim()).toBe(state);
    const defined = /<source file=(["'])(.*?)\1/.exec(
      await virsh(alpha, 'dumpxml', guest.uuid, '--inactive'),
    )?.[2];
    expect(defined?.replaceAll('&apos;', "'")).toBe(after[0]);
    const forgotten = plan.steps.flatMap((step) => (step.kind === 'forget' ? step.names : []));
    const made = plan.steps.flatMap((step) => (step.kind === 'snapshot' ? [step.name] : []));
    const had = state === 'running' ? ['kept'] : [];
    const left = [...had, ...made].filter((name) => !forgotten.includes(name));
    expect((await recordsOf(guest)).sort()).toEqual(left.sort());
  });

  test('a migration with its storage, once the files are edited as its notes say', async () => {
    const guest = await traveller({ name: 'hand-go', disks: [{ layers: 3, size: 64 * MiB }] });
    const before = await contentOf(guest);
    const parts = await dashboard(alpha, beta);
    const plan = await parts.preview(guest, toBeta(parts));
    expect(plan.refusals).toEqual([]);
    const { path } = await folder();
    const [overlay = [], migrate = [], ...rest] = commandsOf(plan, 0);
    const edit = migrate.findIndex((line) => typeof line !== 'string' && line.note === 'edit-both-files');
    await run('sh', ['-e'], [`cd ${path}`, ...shellLines(overlay, migrate.slice(0, edit))].join('\n'));
    for (const name of ['hand-go.xml', 'hand-go-defined.xml']) {
      const file = join(path, name);
      const xml = await readFile(file, 'utf8');
      const edited = xml
        .replace(/<backingStore[\s\S]*<\/backingStore>|<backingStore\s*\/>/, '')
        .replace(/<source file='[^']*'[^>]*>/, `<source file='${fileThere(guest)}'/>`);
      expect(edited).toContain(fileThere(guest));
      await writeFile(file, edited);
    }
    await run('sh', ['-e'], [`cd ${path}`, ...shellLines(migrate.slice(edit), ...rest)].join('\n'));
    expect([await isOn(alpha, guest), await isOn(beta, guest)]).toEqual([false, true]);
    expect(await contentThere(guest)).toBe(before);
    for (const which of [[], ['--inactive']]) {
      expect(await virsh(beta, 'domblklist', guest.uuid, ...which)).toContain(fileThere(guest));
    }
    const info = JSON.parse(await run('qemu-img', ['info', '-U', '--output=json', fileThere(guest)]));
    expect(info['backing-filename']).toBeUndefined();
  });
});
