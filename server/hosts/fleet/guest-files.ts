import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { DaemonFolders } from './daemon-folders.ts';

/** Receives the changes of watched files. */
export interface Watching {
  /** Ends the watching when it aborts. */
  readonly signal: AbortSignal;
  /** A guest's files changed. */
  changed(guestName: string): void;
  /** A folder can't be watched, so its changes are noticed late. */
  unwatchable(folder: string, error: unknown): void;
}

/**
 * Watches the files of guests on this machine. libvirt has no event for a snapshot that is taken or deleted, but its daemon
 * rewrites the guest's files.
 */
export function watchGuestFiles(folders: DaemonFolders, watching: Watching): void {
  watchXml(folders.status, watching);
  if (folders.definitions !== null) watchXml(folders.definitions, watching);
  if (folders.records !== null) watchRecords(folders.records, watching);
}

/** The daemon writes a new file and renames it over the old one. */
function watchXml(folder: string, watching: Watching): void {
  watchFolder(folder, watching, (file) => {
    if (file.endsWith('.xml')) watching.changed(basename(file, '.xml'));
  });
}

/** A guest's folder exists as long as the guest has snapshots. */
function watchRecords(folder: string, watching: Watching): void {
  const inside = new Map<string, FSWatcher>();
  const enter = (guest: string) => {
    inside.get(guest)?.close();
    inside.delete(guest);
    const { signal } = watching;
    try {
      const watcher = watch(join(folder, guest), { signal, persistent: false }, () =>
        watching.changed(guest),
      );
      // The folder is gone again, which the watch of its parent reports.
      watcher.on('error', () => watcher.close());
      inside.set(guest, watcher);
    } catch (error) {
      if (!isGone(error)) watching.unwatchable(join(folder, guest), error);
    }
  };
  watchFolder(folder, watching, (guest) => {
    enter(guest);
    watching.changed(guest);
  });
  try {
    for (const guest of readdirSync(folder)) enter(guest);
  } catch {
    // Its error also kept it from being watched, which was reported.
  }
}

function watchFolder(
  folder: string,
  { signal, unwatchable }: Watching,
  handle: (file: string) => void,
): void {
  try {
    const watcher = watch(folder, { signal, persistent: false }, (_kind, file) => {
      if (file !== null) handle(file);
    });
    watcher.on('error', (error) => unwatchable(folder, error));
  } catch (error) {
    unwatchable(folder, error);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
