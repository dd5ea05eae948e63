import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { countMarked } from '../../../model/content/cluster-map.ts';
import { readRawMap } from './raw-map.ts';

/** Bytes; every other block is a hole. */
const BLOCK = 4096;
const EXTENTS = 300_000;

/** @returns the folder of the program */
async function qemuImgThat(script: string): Promise<string> {
  const bin = await mkdtemp(join(tmpdir(), 'backchain-bin-'));
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(bin, { recursive: true });
  });
  await writeFile(join(bin, 'qemu-img'), script);
  await chmod(join(bin, 'qemu-img'), 0o755);
  return bin;
}

test('regression: the map of a raw file in very many pieces took more memory than there was', async () => {
  // A real file like this takes more than a GiB.
  const bin = await qemuImgThat('#!/bin/sh\nexec cat "$(dirname "$0")/said"\n');
  const extents = Array.from({ length: EXTENTS }, (_, i) => {
    const [start, data] = [i * BLOCK, i % 2 === 0];
    const known = `"depth": 0, "present": true, "zero": ${!data}, "data": ${data}, "offset": ${start}`;
    return `{ "start": ${start}, "length": ${BLOCK}, ${known}}`;
  });
  await writeFile(join(bin, 'said'), `[${extents.join(',\n')}]\n`);
  const { data, zeros, clusterSize } = await readRawMap('/fragmented', EXTENTS * BLOCK);
  expect(clusterSize).toBe(BLOCK);
  expect([countMarked(data), countMarked(zeros)]).toEqual([EXTENTS / 2, EXTENTS / 2]);
  expect([data[0], zeros.at(-1)]).toEqual([0x5555_5555, 0xaaaa_aaaa]);
});

test.each([
  [
    'cut short',
    'printf "[{ \\"start\\": 4096, \\"length\\": 4096, \\"data\\": true}]"',
    'an extent is missing',
  ],
  [
    'a complaint',
    'echo "qemu-img: Could not open: Permission denied" >&2; exit 1',
    'Could not open: Permission denied',
  ],
])('output that is no map is an error: %s', async (_, script, message) => {
  await qemuImgThat(`#!/bin/sh\n${script}\n`);
  await expect(readRawMap('/image', 8192)).rejects.toMatchObject({ name: 'QemuImgError', message });
});
