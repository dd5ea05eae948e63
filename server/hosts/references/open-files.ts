import { readdir, readFile, stat } from 'node:fs/promises';
import { identityOf } from '../images/file-identity.ts';
import { Turns } from '../shell/turns.ts';

/** Files of this machine that processes have open or locked. */
export interface OpenFiles {
  has(identity: string): boolean;
}

const AT_ONCE = 32;

/**
 * QEMU locks every image that it has open, the ones that it only reads too, and the kernel shows all locks to everybody. What
 * processes have open besides is seen as far as this process may look. Source: proc(5), /proc/locks and /proc/PID/fd.
 */
export async function openFiles(): Promise<OpenFiles> {
  const [locked, opened] = await Promise.all([lockedInodes(), openIdentities()]);
  // The device in /proc/locks is not always the one that stat(2) says (btrfs, overlayfs), so the number alone decides.
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
  const look = async (path: string) => {
    const identity = await unlessGone(stat(path, { bigint: true }).then(identityOf));
    if (identity !== null) found.add(identity);
  };
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    processes.map((pid) =>
      turns.take(async () => {
        const names = (await unlessGone(readdir(`/proc/${pid}/fd`))) ?? [];
        for (const name of names) await look(`/proc/${pid}/fd/${name}`);
      }),
    ),
  );
  return found;
}

/** `null` for what went meanwhile, or is another user's. */
async function unlessGone<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
