import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { followOutput } from '../shell/process-output.ts';
import { Turns } from '../shell/turns.ts';

/** One image as `qemu-img info` tells it. */
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
/** A fleet of chains that only qemu-img can read must not become as many processes at once. */
const turns = new Turns(4);
const LIMIT = { timeout: 30_000, maxBuffer: 16 * 2 ** 20, env: { ...process.env, LC_ALL: 'C' } };

/** All images from `path` down. `format` keeps QEMU from guessing: a raw image's guest could write a header. */
export async function imagesOf(path: string, format: string): Promise<readonly ImageInfo[]> {
  return z
    .array(info)
    .parse(await ask(path, format, ['--backing-chain']))
    .map(toInfo);
}

/** One image alone. */
export async function imageOf(path: string, format: string | null): Promise<ImageInfo> {
  return toInfo(info.parse(await ask(path, format, [])));
}

/** Where a raw image has data and where holes: what `qemu-img map` says goes to `said` as it comes; what that throws ends it. */
export async function rawExtents(path: string, said: (text: string) => void): Promise<void> {
  const words = ['map', '-U', '--output=json', '-f', 'raw', '--', `file:${path}`];
  const how = { timeout: LIMIT.timeout, env: { ...process.env, LC_ALL: 'C' } };
  const { failure, status, complaint } = await turns.take(() =>
    followOutput(['qemu-img', ...words], how, said),
  );
  if (failure !== null) throw toError(path, failure);
  if (status !== 0) throw toError(path, new Error(complaint || `qemu-img ended with ${status}`));
}

const check = z.object({
  leaks: z.number().default(0),
  corruptions: z.number().default(0),
  'check-errors': z.number().default(0),
});
/** All of an image's tables are read. */
const CHECK_LIMIT = { ...LIMIT, timeout: 600_000 };
/** It found errors, or leaks only; what it found is printed all the same. */
const FOUND: readonly unknown[] = [2, 3];

/** What is wrong in a qcow2 image's tables. What a QEMU that has it open has not written yet looks wrong too. */
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

/** What `qemu-img check --output=json` printed. */
export function checkOf(printed: string): { leaks: number; errors: number } {
  const { leaks, corruptions, 'check-errors': unchecked } = check.parse(JSON.parse(printed));
  return { leaks, errors: corruptions + unchecked };
}

/**
 * Writes the name and the format of the backing image into a header, and nothing else; neither is opened. QEMU's lock keeps
 * it from an image that another QEMU has open.
 */
export async function rewriteBacking(path: string, backing: string, format: string): Promise<void> {
  await change(path, ['rebase', '-u', '-f', 'qcow2', '-b', backing, '-F', format, '--', `file:${path}`]);
}

/** Gives back clusters that nothing refers to. Under the same lock. */
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
    // A path with a colon would be taken for a protocol, so files are named as such.
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
  const said = ('stderr' in error ? String(error.stderr) : error.message).trim();
  const reason =
    said
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
