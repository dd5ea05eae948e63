import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isErrno, LabError } from './error.ts';

export interface Process {
  pid: number;
  parent: number;
  /** Clock ticks since boot when it started: with the pid it names a process for good, since pids are used again. */
  started: number;
  command: string[];
  environment: string[];
}

/** The processes that may be read and satisfy `wanted`, seen from here, so with the pids that `kill` takes here. */
export async function processes(wanted: (process: Process) => boolean): Promise<Process[]> {
  const names = await readdir('/proc');
  const all = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => processOf(Number(name))),
  );
  return all.filter((found) => found !== undefined).filter(wanted);
}

/**
 * One process, or undefined when there is none with this pid, when it has ended, when it is somebody else's, or when it has
 * another root, where a path means another file.
 */
export async function processOf(pid: number): Promise<Process | undefined> {
  const [[state, command, environment], root, ownRoot] = await Promise.all([
    Promise.all(['stat', 'cmdline', 'environ'].map((name) => readOrNothing(`/proc/${pid}/${name}`))),
    rootOf(pid),
    rootOf('self'),
  ]);
  const life = lifeOf(state);
  if (!life || command === undefined || environment === undefined || root !== ownRoot) return undefined;
  return {
    pid,
    ...life,
    command: command.split('\0').slice(0, -1),
    environment: environment.split('\0').slice(0, -1),
  };
}

/** What /proc/<pid>/stat says of a process that has not ended. */
function lifeOf(text: string | undefined): { parent: number; started: number } | undefined {
  // The second field, the program's name in parentheses, may hold spaces and parentheses itself.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state = 'Z', parent] = fields;
  return state === 'Z' || state === 'X' ? undefined : { parent: Number(parent), started: Number(fields[19]) };
}

/** What distinguishes the root folder of a process from others; undefined where it has ended or is somebody else's. */
async function rootOf(pid: number | 'self'): Promise<string | undefined> {
  const root = await orNothing(stat(`/proc/${pid}/root`));
  return root && `${root.dev}:${root.ino}`;
}

/** A file's text, or undefined where there is none or it is somebody else's. */
const readOrNothing = (path: string) => orNothing(readFile(path, 'utf8'));

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((name) => isErrno(error, name))) return undefined;
    throw error;
  });
}

/**
 * A lab's own processes: all are started with XDG_CACHE_HOME inside the lab's folder, and libvirtd gives its QEMU
 * processes one there too. That holds when the lab's own notes are lost.
 */
export function processesOf(dir: string): Promise<Process[]> {
  return processes(({ environment }) =>
    environment.some((entry) => entry.startsWith(`XDG_CACHE_HOME=${dir}/`)),
  );
}

/** Whether the process has not ended. Only its stat can be trusted: its owner can't read the rest while it ends. */
export async function alive({ pid, started }: Process): Promise<boolean> {
  return lifeOf(await readOrNothing(`/proc/${pid}/stat`))?.started === started;
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/** Kills processes and resolves when all are gone; rejects with `timeout` where one is not. */
export async function kill(victims: readonly Process[]): Promise<void> {
  for (const { pid } of victims) signal(pid, 'SIGKILL');
  await until(`the end of ${victims.map(({ pid }) => pid).join(', ')}`, async () => {
    const left = await Promise.all(victims.map(alive));
    return !left.includes(true);
  });
}

const SHORTEST_MS = 10;
const LONGEST_MS = 100;
/** What is to come comes on a busy machine too; only what never comes takes so long. */
const PATIENCE_S = 120;

/**
 * Checks again and again until `holds` says true; rejects with `timeout` after `seconds`. What did not come at once is
 * checked less often, since most checks start a program.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  seconds = PATIENCE_S,
): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    const waited = performance.now() - began;
    if (waited > seconds * 1000) throw new LabError('timeout', `waited ${seconds} s in vain for ${what}`);
    await delay(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waited / 10)));
  }
}
