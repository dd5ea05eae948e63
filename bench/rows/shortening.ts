import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { digestOf } from '../../lab/content.ts';
import { createGuest, destroyGuest } from '../../lab/guest.ts';
import type { Lab, LabGuest } from '../../lab/lab.ts';
import { processesOf } from '../../lab/process.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Strategy } from '../../model/kinds/strategy.ts';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { guestWith, type OwnDashboard, ownDashboard } from '../dashboard.ts';
import { eventually } from '../eventually.ts';
import { host, ownLab } from '../lab.ts';
import { atMost, type Measurement } from '../measurement.ts';
import type { Row } from '../row.ts';
import { fileOf, type ShortenedChain, shortenedChains } from '../shortened-chains.ts';

const MIB = 2 ** 20;

/** The same result on two equal guests, by a plain pull and by the cheapest strategy: what each of them really wrote. */
export const shortening: Row = {
  name: 'shortening',
  async run(bench) {
    const lab = await ownLab(bench, []);
    const dashboard = await ownDashboard(bench, host(lab).uri);
    const measured: Measurement[] = [];
    for (const [i, chain] of shortenedChains.entries()) {
      const pull = await bytesOf(lab, dashboard, chain, { name: `pull-${i}`, strategy: 'pull' });
      // Of one plan run twice, what QEMU says on its monitor makes the difference.
      const cheapest = pull.isCheapest
        ? pull
        : await bytesOf(lab, dashboard, chain, { name: `cheap-${i}`, strategy: 'cheapest' });
      const bytes = pull.isCheapest
        ? `the cheapest strategy is the pull, ${mebibytes(pull)} MiB`
        : `${mebibytes(cheapest)} MiB / ${mebibytes(pull)} MiB`;
      measured.push(
        atMost(
          `${chain.what}, ${chain.images} left: bytes written, cheapest / plain pull`,
          cheapest.written / pull.written,
          { unit: '', goal: 1 },
          `${bytes}; a GiB of the chain is 2 MiB here`,
        ),
      );
    }
    return measured;
  },
};

interface Shortened {
  /** Bytes that QEMU wrote, its tables and the flush included. */
  readonly written: number;
  /** Whether the cheapest strategy for the same chain has the same steps. */
  readonly isCheapest: boolean;
}

const mebibytes = ({ written }: Shortened) => (written / MIB).toFixed(1);

/** Shortens one chain. Throws where the guest reads another content afterwards. */
async function bytesOf(
  lab: Lab,
  { api }: OwnDashboard,
  chain: ShortenedChain,
  { name, strategy }: { name: string; strategy: Strategy['name'] },
): Promise<Shortened> {
  const disk = chain.disk(name);
  const guests: LabGuest[] = [await createGuest(lab, { name, disks: [disk] })];
  if (chain.sharedBase) {
    const layers = [{ file: fileOf(name, 0), existing: true }, { file: `${name}-other.qcow2` }];
    guests.push(await createGuest(lab, { name: `${name}-other`, disks: [{ ...disk, layers }] }));
    await guestWith(api, `${name}-other`, 2);
  }
  const [own] = guests;
  if (own === undefined) throw new Error('No guest was made');
  const before = await digestOf(lab, own);
  const { hostId, uuid } = await guestWith(api, name, disk.layers.length);
  const goal = { kind: 'at-most' as const, images: chain.images };
  const strategies = await api.plans.strategies.query({
    disk: { hostId, uuid, target: 'vda' },
    goal,
    pinned: [],
  });
  const planOf = (strategyName: Strategy['name']) =>
    strategies.find((one) => one.name === strategyName)?.plan;
  const plan = planOf(strategy);
  if (!plan || plan.intent.kind === 'delete')
    throw new Error(`There is no plan to ${chain.what} by ${strategy}`);
  const intent: Intent = plan.intent;
  const { fingerprint } = plan;
  const started = { guest: { hostId, uuid }, intent, fingerprint, bandwidth: 0 };
  const pid = await qemuOf(lab, own);
  const writtenBefore = await writtenBy(pid);
  const { id } = await api.operations.start.mutate(started);
  const operation = await eventually<Operation>('the end of the operation', async () => {
    const { operation: now } = await api.operations.get.query({ id });
    return isOver(now) ? now : undefined;
  });
  const written = (await writtenBy(pid)) - writtenBefore;
  if (operation.state !== 'succeeded')
    throw new Error(
      `${chain.what} by ${strategy} ended ${operation.state}: ${JSON.stringify(operation.problem)}`,
    );
  const after = await guestWith(api, name, plan.disks[0]?.after.images.length ?? 0);
  if (after.disks[0]?.chain?.images.length !== chain.images)
    throw new Error(`${strategy} left more than was asked for`);
  if ((await digestOf(lab, own)) !== before)
    throw new Error(`${chain.what} by ${strategy} changed the content`);
  for (const guest of guests.toReversed()) await destroyGuest(lab, guest);
  return { written, isCheapest: isDeepStrictEqual(plan.steps, planOf('cheapest')?.steps) };
}

async function qemuOf(lab: Lab, { uuid }: LabGuest): Promise<number> {
  const found = (await processesOf(lab.dir)).find(({ command }) => command.includes(uuid));
  if (found === undefined) throw new Error('The guest’s QEMU does not run');
  return found.pid;
}

/** Bytes that the process has handed to the kernel so far: a merge into clusters that are there already makes no file grow. */
async function writtenBy(pid: number): Promise<number> {
  const [, bytes] = /^wchar: (\d+)$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8')) ?? [];
  return Number(bytes);
}
