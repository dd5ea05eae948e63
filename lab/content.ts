import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostOf, type Lab, type LabGuest } from './description.ts';
import { LabError } from './error.ts';
import { KiB, MiB } from './image.ts';
import { attempt, run } from './run.ts';
import { virsh } from './virsh.ts';

/** Bytes of a block of content. */
export const BLOCK = 64 * KiB;
const PIECE = MiB;
const ZEROS = Buffer.alloc(BLOCK);

/** A digest of what a guest reads from the chain below this image: independent of how the chain holds it. */
export async function digest(active: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const { offset, bytes } of blocks(active)) hash.update(`${offset}\n`).update(bytes);
  return hash.digest('hex');
}

/** A digest of a guest's disk as the files have it now. A running guest is suspended meanwhile. */
export function digestOf(lab: Lab, guest: LabGuest, target = 'vda'): Promise<string> {
  return still(lab, guest, async () => digest(await activeOf(lab, guest, target)));
}

/** Works while the guest is suspended, with everything that QEMU cached in memory written to the files. */
export async function still<Result>(lab: Lab, guest: LabGuest, work: () => Promise<Result>): Promise<Result> {
  const host = hostOf(lab, guest.host);
  const state = (await virsh(host, 'domstate', guest.uuid)).trim();
  if (state === 'shut off') return work();
  if (state === 'running') await virsh(host, 'suspend', guest.uuid);
  // QEMU flushes at every `stop`; libvirt sends none to a guest that is paused already.
  else await virsh(host, 'qemu-monitor-command', guest.uuid, '--hmp', 'stop');
  try {
    return await work();
  } finally {
    if (state === 'running') await virsh(host, 'resume', guest.uuid);
  }
}

/** Path of the image that the guest writes to now, as libvirt says. */
export async function activeOf(lab: Lab, guest: LabGuest, target: string): Promise<string> {
  const host = hostOf(lab, guest.host);
  const rows = await virsh(host, 'domblklist', guest.uuid);
  const row = rows.split('\n').find((line) => line.trimStart().startsWith(`${target} `));
  const source = row?.trim().slice(target.length).trim() ?? '';
  if (source.startsWith('/')) return source;
  // A disk that is a volume is named without a path.
  return (await virsh(host, 'vol-path', source, '--pool', 'default')).trim();
}

/** The blocks of 64 KiB that are not all zeros, in order; `bytes` holds good until the next one is asked for. */
export async function* blocks(active: string): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  const bytes = Buffer.alloc(BLOCK);
  let current = -1;
  for await (const piece of pieces(active)) {
    for (let done = 0; done < piece.bytes.length; ) {
      const at = piece.offset + done;
      const offset = at - (at % BLOCK);
      if (offset !== current) {
        if (current >= 0 && !bytes.equals(ZEROS)) yield { offset: current, bytes };
        bytes.fill(0);
        current = offset;
      }
      done += piece.bytes.copy(bytes, at - offset, done, done + BLOCK - (at - offset));
    }
  }
  if (current >= 0 && !bytes.equals(ZEROS)) yield { offset: current, bytes };
}

/** What the chain holds, in order, read straight from the images' files; `bytes` holds good until the next one is asked for. */
async function* pieces(active: string): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  const { status, stdout } = await attempt('qemu-img', ['map', '-U', active]);
  const extents = stdout.trimEnd().split('\n').slice(1).map(extentOf);
  // It fails for what no file has as plain bytes.
  if (status !== 0 || extents.some(({ file }) => !file.startsWith('/'))) {
    yield* converted(active);
    return;
  }
  const buffer = Buffer.alloc(PIECE);
  for (const { start, length, offset, file: path } of extents) {
    await using file = await open(path);
    for (let done = 0; done < length; done += PIECE) {
      // A raw file may end within its last sector.
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, length - done), offset + done);
      yield { offset: start + done, bytes: buffer.subarray(0, bytesRead) };
    }
  }
}

/** A line of what `qemu-img map` prints of data: offset, length, offset in the file, and the file that holds it. */
function extentOf(line: string): { start: number; length: number; offset: number; file: string } {
  const [, start, length, offset, file] =
    /^(0|0x[\da-f]+) +(0x[\da-f]+) +(0|0x[\da-f]+) +(.+)$/.exec(line) ?? [];
  if (file === undefined) throw new LabError('failed', `qemu-img map printed ${line}`);
  return { start: Number(start), length: Number(length), offset: Number(offset), file };
}

/** Reads what no file has as plain bytes: NBD, compression. */
async function* converted(active: string): AsyncGenerator<{ offset: number; bytes: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), 'backchain-content-'));
  try {
    const raw = join(folder, 'raw');
    await run('qemu-img', ['convert', '-U', '-O', 'raw', active, raw]);
    yield* pieces(raw);
  } finally {
    await rm(folder, { recursive: true });
  }
}
