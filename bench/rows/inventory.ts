import { fileURLToPath } from 'node:url';
import { virsh } from '../../lab/virsh.ts';
import { type Connection, connect } from '../../server/libvirt/index.ts';
import { host, ownLab, smallGuests } from '../lab.ts';
import { atMost } from '../measurement.ts';
import { median } from '../percentile.ts';
import { pythonPeer } from '../python-peer.ts';
import type { Bench, Row } from '../row.ts';

const GUESTS = 50;
const RUNNING = 20;
const WARM_UP = 10;
const PYTHON = fileURLToPath(new URL('../peers/inventory.py', import.meta.url));

/** List all guests and read the XML of each: this client, python-libvirt, and virsh, on the same daemon in turns. */
export const inventory: Row = {
  name: 'inventory',
  async run(bench) {
    const alpha = host(await ownLab(bench, smallGuests(GUESTS, RUNNING)));
    const connection = await connect(alpha.uri);
    bench.stack.defer(() => connection.close());
    const python = await pythonPeer(bench, PYTHON, alpha.uri);
    const byPython = async () => {
      const [count, ms] = (await python.ask()).split(' ').map(Number);
      return checked(count, ms);
    };
    const { ours, theirs } = await inTurns(bench, () => readAll(connection), byPython);
    const processes: number[] = [];
    for (let round = 0; round < bench.rounds(5); round++) {
      const began = performance.now();
      const uuids = (await virsh(alpha, 'list', '--all', '--uuid')).trim().split('\n');
      for (const uuid of uuids) await virsh(alpha, 'dumpxml', uuid);
      processes.push(checked(uuids.length, performance.now() - began));
    }
    const [own, warm, virshMs] = [median(ours), median(theirs), median(processes)];
    return [
      atMost(
        'Inventory of 50 guests: this client / python-libvirt',
        own / warm,
        { unit: '', goal: 0.7 },
        `${own.toFixed(2)} ms / ${warm.toFixed(2)} ms, medians of ${ours.length} in turns`,
      ),
      atMost(
        'Inventory of 50 guests: this client / a virsh process per call',
        own / virshMs,
        { unit: '', goal: 0.01 },
        `${own.toFixed(2)} ms / ${virshMs.toFixed(0)} ms, the latter the median of ${processes.length}`,
      ),
    ];
  },
};

async function readAll(connection: Connection): Promise<number> {
  const began = performance.now();
  const domains = await connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
  const documents = await Promise.all(
    domains.map((domain) => connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 })),
  );
  return checked(documents.length, performance.now() - began);
}

/** Both sides alternate, and who goes first alternates too; the first rounds only warm up. */
async function inTurns(bench: Bench, ours: () => Promise<number>, theirs: () => Promise<number>) {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -WARM_UP; round < bench.rounds(200); round++) {
    const sides = [async () => times.ours.push(await ours()), async () => times.theirs.push(await theirs())];
    for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
  }
  return { ours: times.ours.slice(WARM_UP), theirs: times.theirs.slice(WARM_UP) };
}

function checked(count: number | undefined, ms: number | undefined): number {
  if (count === GUESTS && ms !== undefined) return ms;
  throw new Error(`${count} guests were read instead of ${GUESTS}`);
}
