import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { down } from './lab.ts';
import { processesOf } from './process.ts';
import { attempt } from './run.ts';

// What a machine does that refuses user namespaces, this one does in a namespace that may hold no other.
const NO_MORE = 'echo 0 > /proc/sys/user/max_user_namespaces';

/** The words before a command that runs as an ordinary user: his files are the caller's, and he may do nothing else. */
const ordinary = [
  ...['unshare', '--user', '--map-user=65534', '--map-group=65534', '--keep-caps', 'sh', '-c'],
  `${NO_MORE} && exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"`,
  'sh',
];

/** The same for root, for whom other users are there too; only root can arrange that. */
const root = [
  ...['bash', '-c'],
  `set -e
  unshare --user sleep 1000 & holder=$!
  trap 'kill $holder' EXIT
  here=$(readlink /proc/self/ns/user)
  while [[ $(readlink /proc/$holder/ns/user) == "$here" ]]; do :; done
  echo 0 0 65535 > /proc/$holder/uid_map
  echo 0 0 65535 > /proc/$holder/gid_map
  nsenter --user --target $holder -- sh -c '${NO_MORE} && exec "$@"' sh "$@"`,
  'bash',
];

// Not in TMPDIR: guests' sockets need a short path.
const dir = `/tmp/bc-lab-${process.pid}`;

beforeEach(() => down({ dir }));
afterEach(() => down({ dir }));

/** `up`, `status` and `down`, one after the other, and all that they say. */
async function wholeLife(before: readonly string[]): Promise<{ status: number | null; words: string }> {
  const lab = `"$0" ${join(import.meta.dirname, 'cli.ts')}`;
  const life = `${lab} up --dir ${dir} --only batch-1,edge-1 && ${lab} status --dir ${dir} && ${lab} down --dir ${dir}`;
  // A machine that refuses namespaces by itself needs nobody to take them away.
  const wrapped = (await attempt('unshare', ['--user', '--map-root-user', 'true'])).status === 0;
  const [program = '', ...args] = [...(wrapped ? before : []), 'sh', '-c', life, process.execPath];
  const { status, stdout, stderr } = await attempt(program, args);
  return { status, words: stderr + stdout };
}

const people: [string, readonly string[]][] = [['an ordinary user', ordinary]];
if (userInfo().uid === 0) people.push(['root', root]);

test.each(people)(
  'without user namespaces, %s gets a lab too, is warned, and nothing is left',
  async (_, before) => {
    const { status, words } = await wholeLife(before);
    expect(words).toMatch(/This machine refuses user namespaces \(.+\): the daemons run without one\./);
    expect(words).toContain('No file system can be mounted here');
    expect(words).toContain('the lab does without a tiny one');
    expect(words).toMatch(/alpha +batch-1 +paused/);
    expect(words).toMatch(/beta +edge-1 +running/);
    expect(words).toContain('The lab is whole.');
    expect(words).toMatch(/Ended \d+ processes of the lab/);
    expect(status).toBe(0);
    expect(await processesOf(dir)).toEqual([]);
    expect(existsSync(dir)).toBe(false);
    expect(await down({ dir })).toBe(false);
  },
  // Without KVM and with nothing cached, a slow machine takes its time.
  300_000,
);
