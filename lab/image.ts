import { constants } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab, LabHost } from './description.ts';
import { isErrno, LabError } from './error.ts';
import { handOver } from './namespace.ts';
import { runAll } from './run.ts';

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

/** Bytes that a layer holds: `length` bytes of value `pattern` (1 to 255) from `offset` on, both multiples of 64 KiB. */
export interface Write {
  pattern: number;
  offset: number;
  length: number;
}

/** One image to make. */
export interface LayerSpec {
  /** File name in the host's image folder, or an absolute path. */
  file: string;
  /** Default qcow2. Only a base can be raw. */
  format?: 'raw' | 'qcow2';
  /** What `qemu-img create -o` takes, such as `extended_l2=on`. */
  options?: string;
  writes?: readonly Write[];
  /** Path of a file whose bytes, a multiple of 512, are at the start of the image (a base). */
  head?: string;
  /** Name of an internal snapshot that is made in the image after its writes. */
  internalSnapshot?: string;
  /** The image is there already (a golden image, an NBD server): it is overlaid, not made. */
  existing?: boolean;
  /** The name of the snapshot record under which `virsh snapshot-create-as` puts this image on top of the layers below. */
  snapshot?: string;
}

const CLUSTER = 64 * KiB;
const AT_ONCE = 16 * MiB;
const IN_FLIGHT = 4;

/**
 * Makes the images of one disk in a host's image folder, given from base to top and all of one virtual size in bytes;
 * their paths, from base to top.
 */
export async function makeLayers(
  lab: Lab,
  { images: folder }: LabHost,
  layers: readonly LayerSpec[],
  size: number,
): Promise<string[]> {
  const paths = layers.map(({ file }) => pathOf(folder, file));
  const cache = (await takesDirect(folder)) ? '-t none -k' : '-t writeback';
  const made = layers.flatMap((layer, index) =>
    layer.existing ? [] : [{ layer, index, path: paths[index] ?? '' }],
  );
  const creations = made.map(({ layer, index, path }) => {
    const below = layers[index - 1];
    return create(
      path,
      layer,
      size,
      below && { path: paths[index - 1] ?? '', format: below.format ?? 'qcow2' },
    );
  });
  const written = made.filter(({ layer }) => layer.writes || layer.head);
  const writes = await Promise.all(written.map(({ layer, path }) => write(path, layer, cache)));
  const snapshots = made.flatMap(({ layer: { internalSnapshot: name }, path }) =>
    name === undefined ? [] : [['qemu-img', 'snapshot', '-c', name, path]],
  );
  // One process writes all images, since its start takes longer than that.
  const commands = [...creations, ...(writes.length === 0 ? [] : [qemuIo(writes.flat())]), ...snapshots];
  const words = await runAll(commands);
  // qemu-io exits with 0 though an asynchronous write failed; all that succeed are silent.
  if (words.trim() !== '') throw new LabError('failed', `making images in ${folder}: ${words.trim()}`);
  for (const [index, path] of paths.entries()) {
    if (!layers[index]?.existing) await handOver(lab.namespace, path);
  }
  return paths;
}

/** An absolute path, or a URL such as that of an NBD server, stays; a file name goes into the folder. */
function pathOf(folder: string, file: string): string {
  return file.startsWith('/') || /^[a-z+]+:\/\//.test(file) ? file : join(folder, file);
}

function create(
  path: string,
  { format = 'qcow2', options }: LayerSpec,
  size: number,
  backing: { path: string; format: string } | undefined,
): string[] {
  // -u: the backing image is not opened, which is quicker, and its virtual size is known.
  const overlay = backing ? ['-u', '-b', backing.path, '-F', backing.format] : [];
  const more = options ? ['-o', options] : [];
  return ['qemu-img', 'create', '-q', '-f', format, ...overlay, ...more, path, String(size)];
}

const qemuIo = (commands: readonly string[]) => [
  'qemu-io',
  ...commands.flatMap((command) => ['-c', command]),
];

/** Commands of qemu-io. @param cache how it opens an image for much data */
async function write(
  path: string,
  { format = 'qcow2', writes = [], head }: LayerSpec,
  cache: string,
): Promise<string[]> {
  const total = writes.reduce((sum, { length }) => sum + length, 0);
  // Much data goes past the page cache, which is quicker; little data is not worth waiting for the disk.
  const mode = total > AT_ONCE ? cache : '-t unsafe';
  const commands: string[] = [];
  for (const { pattern, offset, length } of writes) {
    if (offset % CLUSTER !== 0 || length % CLUSTER !== 0)
      throw new LabError('unaligned', `${path}: write whole clusters`);
    for (let done = 0; done < length; done += AT_ONCE) {
      const part = Math.min(AT_ONCE, length - done);
      commands.push(`aio_write -q -P ${pattern} ${offset + done} ${part}`);
      if (commands.length % (IN_FLIGHT + 1) === 0) commands.push('aio_flush');
    }
  }
  commands.push('aio_flush');
  if (head !== undefined) commands.push(`write -q -s ${head} 0 ${(await stat(head)).size}`);
  // Whole clusters need nothing of the layers below, so these are not opened.
  const file = { driver: 'file', filename: path };
  const image = JSON.stringify(
    format === 'raw' ? { driver: format, file } : { driver: format, file, backing: null },
  );
  return [`open ${mode} json:${image.replaceAll(' ', SPACE)}`, ...commands, 'close'];
}

/** A space, which would end a word of qemu-io's. */
const SPACE = '\\u0020';

/** Whether files in this folder can be written past the page cache (not every tmpfs lets them be). */
async function takesDirect(folder: string): Promise<boolean> {
  const probe = join(folder, `.direct-${process.pid}-${performance.now()}`);
  try {
    const file = await open(probe, constants.O_CREAT | constants.O_WRONLY | constants.O_DIRECT);
    await file.close();
    return true;
  } catch (error) {
    if (!isErrno(error, 'EINVAL')) throw error;
    return false;
  } finally {
    await rm(probe, { force: true });
  }
}
