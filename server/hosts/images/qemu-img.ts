import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { followOutput } from '../shell/process-output.ts';
import { Turns } from '../shell/turns.ts';

/** One image as `qemu-img info` reports it. */
export interface ImageInfo {
  readonly filename: string;
  readonly format: string;
  /** Name of the backing image, resolved against this one's folder; `null` for a base. */
  readonly backing: string | null;
  readonly backingFormat: string | null;
}

export class QemuImgError extends Error {
  /** `missing` and `denied` are about the image that `path` names. */
  readonly code: 'missing' | 'denied' | 'failed' | 'not-installed';
  readonly path: string;

  constructor(code: QemuImgError['code'], path: string, reason: string) {
    super(reason);
    this.name = 'QemuImgError';
    this.code = code;
    this.path = path;
  }
}

const info = z.object({
  filename: z.string(),
  format: z.string(),
  'backing-filename': z.string().optional(),
  'full-backing-filename': z.string().optional(),
  'backing-filename-format': z.string().optional(),
});

const run = promisify(execFile);
/** Limits the processes where many chains can be read by qemu-img only. */
const turns = new Turns(4);
const LIMIT = { timeout: 30_000, maxBuffer: 16 * 2 ** 20, env: { ...process.env, LC_ALL: 'C' } };

/** All images from `path` down. Throws `QemuImgError`. QEMU must not guess `format`, since a raw image's guest could write a header. */
export async function imagesOf(path: string, format: string): Promise<readonly ImageInfo[]> {
  return z
    .array(info)
    .parse(await ask(path, format, ['--backing-chain']))
    .map(toInfo);
}

/** One image without its backing images. Throws `QemuImgError`. */
export async function imageOf(path: string, format: string | null): Promise<ImageInfo> {
  return toInfo(info.parse(await ask(path, format, [])));
}

/** Hands the output of `qemu-img map` of a raw image to `read` as it comes. Throws `QemuImgError`, or an error that `read` throws. */
export async function rawExtents(path: string, read: (text: string) => void): Promise<void> {
  const words = ['map', '-U', '--output=json', '-f', 'raw', '--', `file:${path}`];
  const how = { timeout: LIMIT.timeout, env: { ...process.env, LC_ALL: 'C' } };
  const { failure, status, stderr } = await turns.take(() => followOutput(['qemu-img', ...words], how, read));
  if (failure !== null) throw toError(path, failure);
  if (status !== 0) throw toError(path, new Error(stderr || `qemu-img ended with ${status}`));
}

const check = z.object({
  leaks: z.number().default(0),
  corruptions: z.number().default(0),
  'check-errors': z.number().default(0),
});
/** Milliseconds. qemu-img reads all of an image's tables. */
const CHECK_LIMIT = { ...LIMIT, timeout: 600_000 };
/** Exit status with errors, and with leaks only; the result is printed in both cases. */
const FOUND: readonly unknown[] = [2, 3];

/** Checks a qcow2 image's tables. Tables that a QEMU has open and not yet written look wrong too. Throws `QemuImgError`. */
export async function checkImage(path: string): Promise<{ leaks: number; errors: number }> {
  const words = ['check', '-U', '--output=json', '-f', 'qcow2', '--', `file:${path}`];
  const printed = await turns
    .take(() => run('qemu-img', words, CHECK_LIMIT))
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && FOUND.includes(error.code) && 'stdout' in error) {
        return { stdout: String(error.stdout) };
      }
      throw toError(path, error);
    });
  return checkOf(printed.stdout);
}

/** Parses the output of `qemu-img check --output=json`. */
export function checkOf(printed: string): { leaks: number; errors: number } {
  const { leaks, corruptions, 'check-errors': unchecked } = check.parse(JSON.parse(printed));
  return { leaks, errors: corruptions + unchecked };
}

/**
 * Writes only the name and the format of the backing image into a header, without opening that image. Fails by QEMU's lock
 * where another QEMU has the image open. Throws `QemuImgError`.
 */
export async function rewriteBacking(path: string, backing: string, format: string): Promise<void> {
  await change(path, ['rebase', '-u', '-f', 'qcow2', '-b', backing, '-F', format, '--', `file:${path}`]);
}

/** Frees clusters that nothing refers to. Fails by the same lock. Throws `QemuImgError`. */
export async function repairLeaks(path: string): Promise<void> {
  await change(path, ['check', '-q', '-r', 'leaks', '-f', 'qcow2', '--', `file:${path}`]);
}

async function change(path: string, words: readonly string[]): Promise<void> {
  try {
    await turns.take(() => run('qemu-img', words, CHECK_LIMIT));
  } catch (error) {
    throw toError(path, error);
  }
}

async function ask(path: string, format: string | null, more: readonly string[]): Promise<unknown> {
  const known = format === null ? [] : ['-f', format];
  try {
    // QEMU would take a path with a colon for a protocol, so files are named as files.
    const name = path.startsWith('/') ? `file:${path}` : path;
    const words = ['info', '-U', '--output=json', ...more, ...known, '--', name];
    const { stdout } = await turns.take(() => run('qemu-img', words, LIMIT));
    return JSON.parse(stdout);
  } catch (error) {
    throw toError(path, error);
  }
}

function toError(path: string, error: unknown): QemuImgError {
  if (!(error instanceof Error)) return new QemuImgError('failed', path, String(error));
  if ('code' in error && error.code === 'ENOENT') {
    return new QemuImgError('not-installed', path, 'qemu-img is not installed (Debian: qemu-utils)');
  }
  const message = ('stderr' in error ? String(error.stderr) : error.message).trim();
  const reason =
    message
      .split('\n')
      .at(-1)
      ?.replace(/^qemu-img: /, '') || error.message;
  if (/No such file or directory/.test(reason)) return new QemuImgError('missing', path, reason);
  if (/Permission denied/.test(reason)) return new QemuImgError('denied', path, reason);
  return new QemuImgError('failed', path, reason);
}

function toInfo(raw: z.infer<typeof info>): ImageInfo {
  return {
    filename: raw.filename.replace(/^file:(?=\/)/, ''),
    format: raw.format,
    backing: raw['full-backing-filename'] ?? raw['backing-filename'] ?? null,
    backingFormat: raw['backing-filename-format'] ?? null,
  };
}
