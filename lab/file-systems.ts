import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isErrno, textOf } from './error.ts';
import { run } from './run.ts';

export interface FileSystems {
  second: string | null;
  tiny: string | null;
}

/**
 * Gives the lab other file systems than the one that it is on. Root, and a user with sudo, gets mounts; they are made
 * before the namespace, or nobody sees them inside. Anybody else gets a folder in /dev/shm, and no tiny one.
 */
export async function provide(dir: string, say: (line: string) => void): Promise<FileSystems> {
  try {
    return { second: await mount(dir, 'second', '1g'), tiny: await mount(dir, 'tiny', '28m') };
  } catch (error) {
    await withdraw(dir);
    const why = userInfo().uid === 0 ? textOf(error) : 'it takes root, or sudo without a password';
    say(`No file system can be mounted here (${why}): the lab does without a tiny one.`);
  }
  const second = sharedMemory(dir);
  const [here, there] = await Promise.all([stat(dir), stat('/dev/shm').catch(() => undefined)]);
  if (!there?.isDirectory() || here.dev === there.dev) return { second: null, tiny: null };
  await mkdir(second, { mode: 0o700 });
  return { second, tiny: null };
}

/** Unmounts what is mounted below the lab's folder, and its folder in /dev/shm; says whether there was anything. */
export async function withdraw(dir: string): Promise<string[]> {
  const mounted = await mountsBelow(dir);
  // Lazily: it may be the working folder of somebody's shell.
  for (const path of mounted) await asRoot('umount', '--lazy', path);
  const shared = sharedMemory(dir);
  const found = await stat(shared).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
    return undefined;
  });
  await rm(shared, { recursive: true, force: true });
  return found ? [...mounted, shared] : mounted;
}

/** Mount points below a folder, the innermost first. */
export async function mountsBelow(dir: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, code) =>
        String.fromCharCode(Number.parseInt(code, 8)),
      ),
    )
    .filter((path) => path.startsWith(`${dir}/`))
    .reverse();
}

async function mount(dir: string, name: string, size: string): Promise<string> {
  const path = join(dir, name);
  await mkdir(path);
  const { uid, gid } = userInfo();
  const options = `size=${size},mode=700,uid=${uid},gid=${gid}`;
  await asRoot('mount', '-t', 'tmpfs', '-o', options, 'backchain-lab', path);
  return path;
}

/** Runs a program as root, who we may be already; a sudo that would have to ask for a password fails. */
function asRoot(program: string, ...args: readonly string[]): Promise<string> {
  return userInfo().uid === 0 ? run(program, args) : run('sudo', ['-n', program, ...args]);
}

function sharedMemory(dir: string): string {
  return `/dev/shm/backchain-lab-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
}
