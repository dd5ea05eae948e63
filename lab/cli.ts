import { parseArgs } from 'node:util';
import type { GuestSet } from './catalogue.ts';
import { LabError, textOf } from './error.ts';
import { defaultDir, down, type Lab, up } from './lab.ts';
import { type Status, status } from './status.ts';
import { wantedGuests } from './wanted-guests.ts';

const USAGE = `usage: npm run lab -- up|down|status|reset [options]
  up       bring up two libvirt daemons and their guests; what is left of an earlier lab is cleared first
  down     leave no process, mount or file of it
  status   say what runs; exit status 1 when it is not whole
  reset    down, then up
options:
  --dir DIR          the lab's folder (default: BACKCHAIN_LAB, else one in the temporary folder)
  --guests SET       all (default), core or none
  --only NAME,NAME   these guests instead (default: BACKCHAIN_LAB_GUESTS, else the set)
  --json             print the description as JSON`;

const say = (line: string) => process.stderr.write(`lab: ${line}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { command, dir, guests, only, json } = options();
  if (command === 'down') {
    if (!(await down({ dir, say }))) say(`There is no lab in ${dir}.`);
    return 0;
  }
  if (command === 'status') {
    const found = await status(dir);
    print(json ? JSON.stringify(found, undefined, 2) : table(found));
    return found.whole ? 0 : 1;
  }
  const there = command === 'up' ? await wholeLab(dir) : undefined;
  if (there) {
    say('The lab is up and whole already. For a new one: npm run lab -- reset');
    print(json ? JSON.stringify(there, undefined, 2) : uris(there));
    return 0;
  }
  const lab = await up({ dir, guests, only, say, signal: interruption() });
  print(json ? JSON.stringify(lab, undefined, 2) : uris(lab));
  return 0;
}

async function wholeLab(dir: string): Promise<Lab | undefined> {
  try {
    const { whole, lab } = await status(dir);
    return whole ? lab : undefined;
  } catch (error) {
    if (error instanceof LabError && ['no-lab', 'other-version'].includes(error.code)) return undefined;
    throw error;
  }
}

/** Ctrl-C while the lab comes up takes down what there is of it. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => controller.abort(new LabError('interrupted', `Interrupted by ${name}.`)));
  }
  return controller.signal;
}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        dir: { type: 'string', default: defaultDir() },
        guests: { type: 'string', default: 'all' },
        only: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [command = '', ...more] = positionals;
    if (!['up', 'down', 'status', 'reset'].includes(command) || more.length > 0)
      throw new LabError('usage', USAGE);
    if (!isGuestSet(values.guests))
      throw new LabError('usage', `--guests takes all, core or none.\n${USAGE}`);
    return { ...values, command, guests: values.guests, only: values.only?.split(',') ?? wantedGuests() };
  } catch (error) {
    // parseArgs has words of its own for an option that it does not know.
    throw error instanceof LabError ? error : new LabError('usage', `${textOf(error)}\n${USAGE}`);
  }
}

function isGuestSet(text: string): text is GuestSet {
  return text === 'all' || text === 'core' || text === 'none';
}

function uris(lab: Lab): string {
  return lab.hosts.map(({ name, uri }) => `${name}  ${uri}`).join('\n');
}

function table({ whole, hosts, guests }: Status): string {
  const hostLines = hosts.map(
    ({ name, uri, answers }) => `${name.padEnd(8)}${answers ? 'answers' : 'is silent'}  ${uri}`,
  );
  const guestLines = guests.map(({ host, name, now, state, disks }) => {
    const chains = disks.map(({ target, images }) => `${target} ${images.length}`).join(', ');
    const condition = now === state ? now : `${now ?? 'unknown'} (was made ${state})`;
    return `${host.padEnd(8)}${name.padEnd(12)}${condition.padEnd(12)}${chains}`;
  });
  return [
    ...hostLines,
    ...guestLines,
    whole ? 'The lab is whole.' : 'The lab is not whole: npm run lab -- reset',
  ].join('\n');
}
