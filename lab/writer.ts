import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from './assembler.ts';
import { activeOf, BLOCK, blocks, still } from './content.ts';
import { guestOf, type Lab, type LabGuest } from './description.ts';
import { LabError } from './error.ts';
import { hostFolders } from './folder.ts';
import type { GuestSpec } from './guest-spec.ts';
import { type LayerSpec, MiB } from './image.ts';
import { until } from './process.ts';
import { lbaOf, parseLog, sectorOf, type WriterLog } from './writer-log.ts';

const SECTOR = 512;
const SIZE = 256 * MiB;

const programOf = (dir: string) => join(dir, 'writer.bin');

/** Makes the program that the guest starts from its first sector, where a BIOS puts it. */
export const assembleWriter = (dir: string) => assemble('writer.s', 0x7c00, programOf(dir));

/** A guest that writes up to 36 sectors a second, all over 32 MiB, and logs each one when it is on the disk. */
export function writerSpec(dir: string, { host = 'alpha', name = 'writer' } = {}): GuestSpec {
  return {
    host,
    name,
    boots: true,
    serial: join(hostFolders(dir, host).root, `${name}.log`),
    disks: [
      {
        size: SIZE,
        layers: writerLayers(name).map((layer, level) =>
          level === 0 ? { ...layer, head: programOf(dir) } : layer,
        ),
      },
    ],
  };
}

/** 160 MiB that the writer leaves alone for the most part, and has to find again. */
function writerLayers(name: string): LayerSpec[] {
  return [
    { file: `${name}-base.qcow2`, writes: [{ pattern: 0xa1, offset: 0, length: 64 * MiB }] },
    { file: `${name}-mid.qcow2`, writes: [{ pattern: 0xa2, offset: 16 * MiB, length: 96 * MiB }] },
    { file: `${name}-active.qcow2` },
  ];
}

export interface Verdict {
  /** Writes that the guest logged. */
  records: number;
  /** Sectors, by LBA, whose content is not what was written last. Empty when nothing is lost. */
  lost: number[];
  /** Lines of the log that report errors or make no sense. */
  errors: string[];
}

/** Resolves when the writer has logged `count` more writes than now; rejects with `timeout` where it does not. */
export async function waitForWrites(guest: LabGuest, count: number): Promise<void> {
  const before = (await logOf(guest)).records.length;
  await until(
    `${count} writes of ${guest.name}`,
    async () => (await logOf(guest)).records.length >= before + count,
  );
}

/** Compares all of the writer's disk, sector by sector, with what it logged and with what was there before. */
export async function verifyWriter(lab: Lab, guest = guestOf(lab, 'writer')): Promise<Verdict> {
  return still(lab, guest, async () => {
    const [log, active] = await Promise.all([logOf(guest), activeOf(lab, guest, 'vda')]);
    return verify(active, await expectation(lab, guest, log), log);
  });
}

async function logOf(guest: LabGuest): Promise<WriterLog> {
  if (guest.serial === null) throw new LabError('no-log', `${guest.name} is no guest that writes a log.`);
  return parseLog(await readFile(guest.serial, 'utf8'));
}

async function expectation(lab: Lab, guest: LabGuest, { records }: WriterLog): Promise<Buffer> {
  const disk = Buffer.alloc(SIZE);
  for (const { pattern, offset, length } of writerLayers(guest.name).flatMap(({ writes = [] }) => writes)) {
    disk.fill(pattern, offset, offset + length);
  }
  (await readFile(programOf(lab.dir))).copy(disk);
  for (const number of records) sectorOf(number).copy(disk, lbaOf(number) * SECTOR);
  return disk;
}

async function verify(
  active: string,
  expected: Buffer,
  { records, inFlight, errors }: WriterLog,
): Promise<Verdict> {
  // An unfinished write may be there or not, but not in part.
  const pending = new Map(inFlight.map((number) => [lbaOf(number), sectorOf(number)]));
  const lost: number[] = [];
  const check = (offset: number, found: Buffer) => {
    if (found.equals(expected.subarray(offset, offset + BLOCK))) return;
    for (let at = 0; at < BLOCK; at += SECTOR) {
      const sector = found.subarray(at, at + SECTOR);
      const lba = (offset + at) / SECTOR;
      const fine =
        sector.equals(expected.subarray(offset + at, offset + at + SECTOR)) ||
        pending.get(lba)?.equals(sector);
      if (!fine) lost.push(lba);
    }
  };
  const zeros = Buffer.alloc(BLOCK);
  let next = 0;
  for await (const { offset, bytes } of blocks(active)) {
    for (; next < offset; next += BLOCK) check(next, zeros);
    check(offset, bytes);
    next = offset + BLOCK;
  }
  for (; next < SIZE; next += BLOCK) check(next, zeros);
  return { records: records.length, lost, errors };
}
