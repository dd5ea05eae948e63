import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * libvirt sends no event when a snapshot is taken or a record forgotten, but the daemon rewrites the guest's status file.
 * On this machine that file's folder can be watched: beside the socket for the session daemon, fixed for the system's.
 */
export function statusFolder(socket: string): string {
  const run = dirname(socket);
  return run === '/run/libvirt' || run === '/var/run/libvirt'
    ? '/run/libvirt/qemu'
    : join(run, 'qemu', 'run');
}

/**
 * Calls `changed` with a guest's name when its status file changed, until `signal` aborts.
 * Where the folder can't be watched `unwatchable` is told why.
 */
export function watchStatus(
  folder: string,
  signal: AbortSignal,
  changed: (guestName: string) => void,
  unwatchable: (error: Error) => void,
): void {
  let watcher: FSWatcher;
  try {
    watcher = watch(folder, { signal, persistent: false });
  } catch (error) {
    unwatchable(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  watcher.on('error', unwatchable);
  watcher.on('change', (_kind, file) => {
    const name = basename(String(file));
    if (name.endsWith('.xml')) changed(name.slice(0, -'.xml'.length));
  });
}
