import { readdir, readFile } from 'node:fs/promises';
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

/** The processes that may be looked into and satisfy `wanted`, seen from here, so with the pids that `kill` takes here. */
export async function processes(wanted: (process: Process) => boolean): Promise<Process[]> {
  const names = await readdir('/proc');
  const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => look(Number(name))));
  return all.filter((found) => found !== undefined).filter(wanted);
}

/** One process, or undefined when there is none with this pid, when it is a zombie, or when it is somebody else's. */
export async function look(pid: number): Promise<Process | undefined> {
  try {
    const [stat, command, environment] = await Promise.all(
      ['stat', 'cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    // The second field, the program's name in parentheses, may hold spaces and parentheses itself.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return {
      pid,
      parent: Number(fields[1]),
      started: Number(fields[19]),
      command: (command ?? '').split('\0').slice(0, -1),
      environment: (environment ?? '').split('\0').slice(0, -1),
    };
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((name) => isErrno(error, name))) return undefined;
    throw error;
  }
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

/** Whether the process is still the one that was seen, and not a later one with its pid. */
async function alive(seen: Process): Promise<boolean> {
  return (await look(seen.pid))?.started === seen.started;
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isErrno(error, 'ESRCH')) throw error;
  }
}

/** Kills processes and resolves when all are gone; rejects with `still-running` after 10 seconds. */
export async function kill(victims: readonly Process[]): Promise<void> {
  for (const { pid } of victims) signal(pid, 'SIGKILL');
  await until(`the end of ${victims.map(({ pid }) => pid).join(', ')}`, async () => {
    const left = await Promise.all(victims.map(alive));
    return !left.includes(true);
  });
}

/** Looks every 10 ms until `holds` says true; rejects with `timeout` after `seconds`. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new LabError('timeout', `waited ${seconds} s in vain for ${what}`);
    await delay(10);
  }
}
