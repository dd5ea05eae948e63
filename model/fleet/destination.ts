import { type Problem, problem } from '../problem.ts';
import type { FreeSpace } from './free-space.ts';

/** What is at the path of a new image, as far as known. */
export interface Destination {
  readonly at: 'nothing' | 'file' | 'folder' | 'other' | 'unknown';
  readonly folder: 'there' | 'missing' | 'not-a-folder' | 'unknown';
  /** The free space there; `null` if unknown. */
  readonly freeSpace: FreeSpace | null;
  /** Whether the file system is in memory, so that it is lost when the host restarts; left out if unknown. */
  readonly inMemory?: boolean;
}

export const UNKNOWN_DESTINATION: Destination = { at: 'unknown', folder: 'unknown', freeSpace: null };

/** Bytes of an empty qcow2 image. QEMU 7.2: 196,616 with 64 KiB clusters, rounded up to whole blocks. */
export const EMPTY_IMAGE = 200_704;
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;

/**
 * Why the text of a path makes it unfit for a new image; `null` if it is fit. A path has to be written
 * as libvirt and QEMU report it, because it names the image from then on.
 */
export function pathProblem(path: string): Problem | null {
  if (path === '') return problem('DESTINATION_EMPTY');
  if (!path.startsWith('/')) return problem('DESTINATION_RELATIVE', { path });
  const parts = path.slice(1).split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    return problem('DESTINATION_NOT_PLAIN', { path });
  }
  if (/\p{Cc}/u.test(path) || !path.isWellFormed()) return problem('DESTINATION_CONTROL', { path });
  const tooLong = parts.some((part) => bytesOf(part) > LONGEST_NAME) || bytesOf(path) > LONGEST_PATH;
  return tooLong ? problem('DESTINATION_LONG', { path }) : null;
}

/** Why no new image of so many bytes can be made there. */
export function destinationRefusals(
  path: string,
  found: Destination,
  bytes = EMPTY_IMAGE,
): readonly Problem[] {
  const text = pathProblem(path);
  if (text !== null) return [text];
  if (found.at === 'folder') return [problem('DESTINATION_IS_FOLDER', { path })];
  if (found.at === 'file' || found.at === 'other') return [problem('DESTINATION_EXISTS', { path })];
  const folder = folderOf(path);
  if (found.folder === 'missing') return [problem('DESTINATION_NO_FOLDER', { folder })];
  if (found.folder === 'not-a-folder') return [problem('DESTINATION_NOT_A_FOLDER', { folder })];
  return found.freeSpace !== null && found.freeSpace.free < bytes
    ? [problem('DESTINATION_FULL', { folder, needed: bytes, freeSpace: found.freeSpace.free })]
    : [];
}

/** Warnings about a path that could not be read, and about a file system in memory. */
export function destinationWarnings(path: string, found: Destination): readonly Problem[] {
  if (found.at === 'unknown') return [problem('DESTINATION_UNREADABLE', { path })];
  return found.inMemory === true ? [problem('DESTINATION_IN_MEMORY', { folder: folderOf(path) })] : [];
}

/** The folder of an absolute path. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
