import { readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Folders of a daemon on this machine, with a file `NAME.xml` for each guest. */
export interface DaemonFolders {
  /** Running guests; their files are rewritten with every change. */
  readonly status: string;
  /** Definitions; `null` where the folder is unknown. */
  readonly definitions: string | null;
  /** A folder for each guest with snapshots, with a file for each of them. */
  readonly records: string | null;
}

const LISTENING = 0x10000;
const DAEMONS = ['libvirtd', 'virtqemud'];

/** The folders of the daemon that listens on a socket. The system's are fixed, a user's depend on the daemon's environment. */
export async function daemonFolders(socket: string): Promise<DaemonFolders> {
  const run = dirname(socket);
  if (run === '/run/libvirt' || run === '/var/run/libvirt') {
    return {
      status: '/run/libvirt/qemu',
      definitions: '/etc/libvirt/qemu',
      records: '/var/lib/libvirt/qemu/snapshot',
    };
  }
  const environment = await environmentOf(socket);
  const { XDG_CONFIG_HOME, HOME } = Object.fromEntries(environment);
  const config = XDG_CONFIG_HOME ?? (HOME === undefined ? null : join(HOME, '.config'));
  return {
    status: join(run, 'qemu', 'run'),
    definitions: config === null ? null : join(config, 'libvirt/qemu'),
    records: config === null ? null : join(config, 'libvirt/qemu/snapshot'),
  };
}

/** The environment of the daemon that listens on a socket; empty where this process may not read it. */
async function environmentOf(socket: string): Promise<readonly (readonly [string, string])[]> {
  const inode = await inodeOf(socket);
  if (inode === null) return [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
      if (!DAEMONS.includes(name) || !(await hasOpen(pid, inode))) continue;
      const text = await readFile(`/proc/${pid}/environ`, 'utf8');
      return text.split('\0').map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)];
      });
    } catch (error) {
      // The process ended meanwhile, or is another user's.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }
  return [];
}

async function hasOpen(pid: string, inode: string): Promise<boolean> {
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => null);
    if (target === `socket:[${inode}]`) return true;
  }
  return false;
}

/** Inode of the socket that listens at a path. Source: proc(5), /proc/net/unix. */
async function inodeOf(socket: string): Promise<string | null> {
  const text = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [, , , flags = '', , , inode, ...path] = line.trim().split(/ +/);
    if (path.join(' ') === socket && (Number.parseInt(flags, 16) & LISTENING) !== 0) return inode ?? null;
  }
  return null;
}
