import { readdir, readFile, stat } from 'node:fs/promises';
import { identityOf } from '../images/file-identity.ts';
import { Turns } from '../shell/turns.ts';

/** Files of this machine that processes have open or locked. */
export interface OpenFiles {
  has(identity: string): boolean;
}

const AT_ONCE = 32;

/**
 * Files that are locked, or open in a process that this one may inspect. QEMU locks every image that it has open, even for
 * reading, and the kernel shows all locks to everybody. Source: proc(5), /proc/locks and /proc/PID/fd.
 */
export async function openFiles(): Promise<OpenFiles> {
  const [locked, opened] = await Promise.all([lockedInodes(), openIdentities()]);
  // The device in /proc/locks is not always that of stat(2) (btrfs, overlayfs), so the inode alone decides.
  return { has: (identity) => opened.has(identity) || locked.has(identity.split(' ').at(-1) ?? '') };
}

async function lockedInodes(): Promise<ReadonlySet<string>> {
  const text = await readFile('/proc/locks', 'utf8');
  const inodes = text.split('\n').map((line) => / [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line)?.[1]);
  return new Set(inodes.filter((inode) => inode !== undefined));
}

async function openIdentities(): Promise<ReadonlySet<string>> {
  const turns = new Turns(AT_ONCE);
  const found = new Set<string>();
  const read = async (path: string) => {
    const identity = await unlessGone(stat(path, { bigint: true }).then(identityOf));
    if (identity !== null) found.add(identity);
  };
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    processes.map((pid) =>
      turns.take(async () => {
        const names = (await unlessGone(readdir(`/proc/${pid}/fd`))) ?? [];
        for (const name of names) await read(`/proc/${pid}/fd/${name}`);
      }),
    ),
  );
  return found;
}

/** `null` for what is gone meanwhile, or is another user's. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
