import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { DaemonFolders } from './daemon-folders.ts';

/** Whom the watchers tell. */
export interface Watching {
  /** Until this aborts. */
  readonly signal: AbortSignal;
  /** A guest's files changed. */
  changed(guestName: string): void;
  /** A folder can't be watched, so that what changes there is seen late. */
  unwatchable(folder: string, error: unknown): void;
}

/**
 * libvirt sends no event when a snapshot is taken or a record forgotten, but its daemon rewrites the guest's files. On this
 * machine these can be watched.
 */
export function watchGuestFiles(folders: DaemonFolders, watching: Watching): void {
  watchXml(folders.status, watching);
  if (folders.definitions !== null) watchXml(folders.definitions, watching);
  if (folders.records !== null) watchRecords(folders.records, watching);
}

/** Files are written beside their place and renamed into it. */
function watchXml(folder: string, watching: Watching): void {
  watchFolder(folder, watching, (file) => {
    if (file.endsWith('.xml')) watching.changed(basename(file, '.xml'));
  });
}

/** A guest's folder comes with its first record and goes with its last. */
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
