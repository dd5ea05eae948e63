const SECTOR = 512;
const MAGIC = 0x4e434b42;
const FIRST_LBA = 2048;
const SPREAD = 0x9e3d;
const STEP = 0x9e3779b9;

export interface WriterLog {
  /** Numbers of the writes, in the order in which the guest logged them. */
  records: number[];
  /** For each run of the guest, the number of the write that may be unfinished when the log ends. */
  inFlight: number[];
  /** Lines that report an error or that no guest writes. */
  errors: string[];
}

/** Where the writer puts the write of this number. */
export function lbaOf(number: number): number {
  return FIRST_LBA + (Math.imul(number, SPREAD) & 0xffff);
}

/** The 512 bytes that the writer puts there. */
export function sectorOf(number: number): Buffer {
  const words = Uint32Array.from({ length: SECTOR / 4 }, (_, index) => number + Math.imul(index - 2, STEP));
  words.set([MAGIC, number, lbaOf(number)]);
  const sector = Buffer.alloc(SECTOR);
  for (const [index, word] of words.entries()) sector.writeUInt32LE(word, index * 4);
  return sector;
}

/** Reads what `writer.s` logs. A line that was cut off by the end of a run counts as not written. */
export function parseLog(text: string): WriterLog {
  const lines = text.split('\n');
  const records: number[] = [];
  const inFlight: number[] = [];
  const errors: string[] = [];
  let next: number | undefined;
  const endRun = () => {
    if (next !== undefined) inFlight.push(next);
  };
  for (const [index, line] of lines.entries()) {
    if (line === 'S') {
      endRun();
      next = 0;
      continue;
    }
    const [, number, lba] = /^W ([0-9a-f]{8}) ([0-9a-f]{8})$/.exec(line) ?? [];
    if (number && lba && Number.parseInt(number, 16) === next && Number.parseInt(lba, 16) === lbaOf(next)) {
      records.push(next);
      next += 1;
      continue;
    }
    const cutOff = index === lines.length - 1 || lines[index + 1] === 'S';
    if (line !== '' && !(cutOff && /^[WEB][ 0-9a-f]*$/.test(line))) errors.push(line);
  }
  endRun();
  return { records, inFlight, errors };
}
