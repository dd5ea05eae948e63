import { chmod, lstat, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { isErrno, LabError } from './error.ts';
import { withdraw } from './file-systems.ts';
import { defaultDir, HOSTS, hostFolders, labDir } from './folder.ts';
import { kill, processesOf } from './process.ts';
import { endVirsh } from './virsh.ts';

// Only a folder with this file in it is ever emptied.
const MARK = 'THIS-IS-A-DISPOSABLE-LAB';

/** Marks a folder as a lab's, before anything else is put there. */
export async function mark(dir: string): Promise<void> {
  await writeFile(join(dir, MARK), 'Everything here is removed by: npm run lab -- down\n');
}

/**
 * Takes a lab down, whole or half of one, noted or not: no process, mount or file is left. Resolves to whether there was
 * anything. Rejects with `not-a-lab` for a folder that holds something else.
 */
export async function down({
  dir: wanted = defaultDir(),
  say = () => {},
}: DownOptions = {}): Promise<boolean> {
  const dir = labDir(wanted);
  const names = await namesIn(dir);
  await endVirsh(dir);
  let ended = 0;
  // Until two searches in turn find none: a daemon may start a guest during one, or be between its two forks.
  for (let inVain = 0; inVain < 2; ) {
    const victims = await processesOf(dir);
    inVain = victims.length === 0 ? inVain + 1 : 0;
    await kill(victims);
    ended += victims.length;
  }
  if (ended > 0) say(`Ended ${ended} processes of the lab in ${dir}.`);
  const mounts = await withdraw(dir);
  if (mounts.length > 0) say(`Removed ${mounts.join(' and ')}.`);
  // Looked up again: what a daemon made until its end goes too.
  if (names.length > 0) {
    await empty(dir, await namesIn(dir));
    say(`Removed ${dir}.`);
  }
  return ended > 0 || mounts.length > 0 || names.length > 0;
}

export interface DownOptions {
  /** The lab's folder; by default BACKCHAIN_LAB, else one of this user's in the temporary folder. */
  dir?: string;
  /** Receives a line about each thing that happens. */
  say?: (line: string) => void;
}

/** What a lab's folder holds; nothing where there is none. Rejects with `not-a-lab` for a folder that is none of ours. */
async function namesIn(dir: string): Promise<string[]> {
  const owner = await lstat(dir).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (!owner) return [];
  // In a folder that everybody may write to, anybody can have been here before us.
  if (owner.uid === userInfo().uid && owner.isDirectory()) {
    const names = await readdir(dir);
    if (names.length === 0 || names.includes(MARK) || (await areRemains(dir, names))) return names;
  }
  throw new LabError('not-a-lab', `${dir} is not a lab's, or not yours. Name another folder with --dir.`);
}

/** Whether there is only what a daemon that was starting while its lab was removed made anew: its folder for sockets. */
async function areRemains(dir: string, names: readonly string[]): Promise<boolean> {
  if (!names.every((name) => HOSTS.includes(name))) return false;
  const below = await Promise.all(
    names.map(async (host) => {
      const { root } = hostFolders(dir, host);
      return (await lstat(root)).isDirectory() ? readdir(root) : [host];
    }),
  );
  const { run } = hostFolders(dir, '');
  return below.flat().every((name) => name === basename(run));
}

async function empty(dir: string, names: readonly string[]): Promise<void> {
  // Its owner can't empty a folder without the right to read it, unless it is root.
  if (names.includes('unreadable')) await chmod(join(dir, 'unreadable'), 0o700);
  const others = names.filter((name) => name !== MARK);
  await Promise.all(others.map((name) => rm(join(dir, name), { recursive: true, force: true })));
  // The mark goes last: a removal that was cut short can be taken up again.
  await rm(join(dir, MARK), { force: true });
  await rmdir(dir);
}
