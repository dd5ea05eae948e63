import { createGuest, destroyGuest } from '../../lab/guest.ts';
import { GiB, makeLayers } from '../../lab/image.ts';
import type { Lab, LabGuest } from '../../lab/lab.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import { isOver } from '../../model/operation/operation.ts';
import { flattenTo } from '../../model/testing.ts';
import { openStream } from '../api.ts';
import { guestWith, type OwnDashboard, ownDashboard } from '../dashboard.ts';
import { host, ownLab } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import type { Row } from '../row.ts';

const BASE = 'base.qcow2';
const SIZE = 2 * GiB;

/**
 * Flatten the same 1 GiB into fresh, equal guests: through the dashboard, and with `virsh blockpull --wait`. Both until the data
 * can't be lost with QEMU any more, for which virsh needs a second command (ADR 0013).
 */
export const flatten: Row = {
  name: 'flatten',
  async run(bench) {
    const lab = await ownLab(bench, []);
    const alpha = host(lab);
    const writes = [{ pattern: 0x5a, offset: 0, length: GiB }];
    const [base = ''] = await makeLayers(lab, alpha, [{ file: BASE, writes }], SIZE);
    const dashboard = await ownDashboard(bench, alpha.uri);

    const times = { ours: [] as number[], theirs: [] as number[], pull: [] as number[] };
    const measured = async (name: string, side: (guest: LabGuest) => Promise<number>) => {
      const guest = await overlay(lab, name);
      await guestWith(dashboard.api, name, 2);
      // Both find the base in the page cache and nothing that waits to be written.
      await run('sh', ['-c', 'cat "$1" >/dev/null; sync', 'sh', base]);
      const ms = await side(guest);
      await destroyGuest(lab, guest);
      return ms;
    };
    const sides = [
      async (round: number) => {
        times.ours.push(await measured(`ours-${round}`, (guest) => byDashboard(dashboard, guest)));
      },
      async (round: number) => {
        times.theirs.push(
          await measured(`theirs-${round}`, async (guest) => {
            const { pull, whole } = await byVirsh(lab, guest);
            times.pull.push(pull);
            return whole;
          }),
        );
      },
    ];
    for (let round = 0; round < bench.rounds(10); round++) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side(round);
    }
    const [own, peer, alone] = [median(times.ours), median(times.theirs), median(times.pull)];
    const behind = (other: number) =>
      `${own.toFixed(0)} ms / ${other.toFixed(0)} ms, medians of ${times.ours.length} in turns`;
    return [
      atMost(
        '1 GiB flatten: the dashboard, down on the disk / virsh blockpull --wait, which is not yet',
        own / alone,
        { unit: '', goal: 1.03 },
        behind(alone),
      ),
      atMost(
        '1 GiB flatten, down on the disk: the dashboard / virsh blockpull --wait, blockresize',
        own / peer,
        { unit: '', goal: 1.03 },
        behind(peer),
      ),
    ];
  },
};

/** A running guest with an empty image over the base. */
function overlay(lab: Lab, name: string): Promise<LabGuest> {
  const layers = [{ file: BASE, existing: true }, { file: `${name}.qcow2` }];
  return createGuest(lab, { name, disks: [{ size: SIZE, layers }] });
}

/** Milliseconds from asking for the start to the news of the end, including a new reading of the chain. */
async function byDashboard({ api, session }: OwnDashboard, guest: LabGuest): Promise<number> {
  const { hostId, uuid } = await guestWith(api, guest.name, 2);
  const guestRef = { hostId, uuid };
  const intent = flattenTo(null);
  const { fingerprint } = await api.plans.preview.query({ guest: guestRef, intent });
  const events = await openStream(session);
  const began = performance.now();
  const { id } = await api.operations.start.mutate({ guest: guestRef, intent, fingerprint, bandwidth: 0 });
  for await (const event of events) {
    if (event.kind !== 'operation' || event.operation.id !== id || !isOver(event.operation)) continue;
    const took = performance.now() - began;
    if (event.operation.state === 'succeeded') return took;
    throw new Error(`The flatten ended ${event.operation.state}: ${JSON.stringify(event.operation.problem)}`);
  }
  throw new Error('The stream ended before the flatten did');
}

/** Milliseconds from the start of the first process to the end of each. */
async function byVirsh(lab: Lab, { uuid }: LabGuest): Promise<{ pull: number; whole: number }> {
  const began = performance.now();
  await virsh(host(lab), 'blockpull', uuid, 'vda', '--wait');
  const pull = performance.now() - began;
  await virsh(host(lab), 'blockresize', uuid, 'vda', `${SIZE}B`);
  return { pull, whole: performance.now() - began };
}
