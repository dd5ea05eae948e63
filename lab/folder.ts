import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { LabError } from './error.ts';

// A Unix socket's path is at most 107 bytes long. The longest one below the lab's folder is a guest's monitor:
// <host>/cfg/libvirt/qemu/lib/domain-<id>-<20 characters of the name>/monitor.sock
const LONGEST_BELOW = '/alpha/cfg/libvirt/qemu/lib/domain-1000-abcdefghijklmnopqrst/monitor.sock'.length;
const LONGEST_DIR = 107 - LONGEST_BELOW;

/** The names of a lab's hosts. */
export const HOSTS: readonly string[] = ['alpha', 'beta'];

/** The lab's folder where nobody names one: BACKCHAIN_LAB, else a folder of this user's in the temporary folder. */
export function defaultDir(): string {
  return process.env.BACKCHAIN_LAB || join(tmpdir(), `backchain-lab-${userInfo().uid}`);
}

/** The absolute path of a lab's folder. Throws `path-too-long` where a guest's socket would not fit in it. */
export function labDir(dir: string): string {
  const path = resolve(dir);
  if (Buffer.byteLength(path) <= LONGEST_DIR) return path;
  throw new LabError(
    'path-too-long',
    `The lab's folder ${path} is ${Buffer.byteLength(path)} bytes long; guests' sockets fit only below a path of at most ` +
      `${LONGEST_DIR}. Name a shorter one with --dir or BACKCHAIN_LAB, such as /tmp/lab.`,
  );
}

/** Where a host's files are in the lab's folder. */
export function hostFolders(dir: string, host: string) {
  const root = join(dir, host);
  return {
    root,
    home: join(root, 'home'),
    run: join(root, 'run'),
    config: join(root, 'cfg'),
    data: join(root, 'data'),
    images: join(root, 'images'),
    log: join(root, 'libvirtd.log'),
    socket: join(root, 'run/libvirt/libvirt-sock'),
  };
}

/** One for all hosts, so that the second daemon finds what the first one learned about QEMU. */
export function cacheFolder(dir: string): string {
  return join(dir, 'cache');
}
