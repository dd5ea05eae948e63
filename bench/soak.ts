import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createGuest } from '../lab/guest.ts';
import type { GuestSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { assembleWriter, writerSpec } from '../lab/writer.ts';
import { allGuests } from './dashboard.ts';
import { ownLab } from './lab.ts';
import { machine } from './machine.ts';
import { withResults } from './report.ts';
import type { Bench } from './row.ts';
import { injectFaults } from './soak/fault-injection.ts';
import { Operator, type Workplace } from './soak/operator.ts';
import { RandomSource } from './soak/random-source.ts';
import { MortalServer } from './soak/server.ts';
import { Tally } from './soak/tally.ts';
import { Turns } from './soak/turns.ts';

// Random operations on ten guests of two hosts, while the dashboard, the daemons and QEMU are killed at random:
// in the end every guest's content has to be right, no job hangs, and no operation is in doubt.

const DOCUMENT = 'docs/reliability.md';
const COMMAND = 'npm run soak -- --markdown';
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Also writes the result into the document. */
    markdown: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const say = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

const stack = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stack.disposeAsync().finally(() => process.exit(130)));
}
try {
  process.exitCode = await soak({ stack, say, rounds: (count) => count, span: (seconds) => seconds * 1000 });
} finally {
  await stack.disposeAsync();
}

/** 0 when all is well in the end. */
async function soak(bench: Bench): Promise<number> {
  const specs = Array.from({ length: 9 }, (_, i) => spec(`soak-${i}`));
  const lab = await ownLab(bench, specs);
  await assembleWriter(lab.dir);
  lab.guests.push(await createGuest(lab, writerSpec(lab.dir, { name: 'soak-writer' })));
  const server = await MortalServer.open(bench, lab);
  await allGuests(server.api, lab.guests.length);
  const folders = [
    ...lab.hosts.map(({ images }) => images),
    ...(lab.folders.second === null ? [] : [lab.folders.second]),
  ];
  const tally = new Tally();
  const at: Workplace = { lab, server, turns: new Turns(), tally, folders, say };
  say(`seed ${seed}, ${minutes} minutes`);
  const end = Date.now() + minutes * 60_000;
  const isTime = () => Date.now() < end;
  const operators = lab.guests.map((guest, i) => new Operator(at, guest, new RandomSource(seed + i)));
  const idle = lab.guests.filter(({ serial }) => serial === null);
  await Promise.all([
    ...operators.map((operator) => operator.work(isTime)),
    injectFaults(at, idle, new RandomSource(seed + 1000), isTime),
  ]);
  for (const operator of operators) await operator.check('the end');
  for (const guest of lab.guests) await noJob(at, guest);
  const unfinished = await server.api.operations.list.query({ over: false, limit: 500 });
  for (const { id, state } of unfinished) tally.wrong.push(`operation ${id} is ${state} in the end`);
  const result = `Seed ${seed}, ${minutes} minutes, ${lab.guests.length} guests on two hosts, ${tally.operations} operations.\n\n${tally.markdown()}`;
  console.log(result);
  if (values.markdown) {
    await writeFile(
      DOCUMENT,
      withResults(await readFile(DOCUMENT, 'utf8'), `${await machine()}\n\n${result}`, COMMAND),
    );
  }
  return tally.wrong.length === 0 ? 0 : 1;
}

function spec(name: string): GuestSpec {
  const layers = [0, 1, 2].map((level) => ({
    file: `${name}-${level}.qcow2`,
    writes: [{ pattern: 16 + level, offset: level * 8 * MiB, length: 6 * MiB }],
  }));
  return { name, disks: [{ layers, size: 64 * MiB }] };
}

async function noJob({ lab, tally }: Workplace, guest: LabGuest): Promise<void> {
  const host = hostOf(lab, guest.host);
  if (!(await virsh(host, 'list', '--uuid')).includes(guest.uuid)) return;
  const job = (await virsh(host, 'blockjob', guest.uuid, 'vda')).trim();
  if (job !== '') tally.wrong.push(`${guest.name} still has a job: ${job}`);
}
