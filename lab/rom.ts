import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from './assembler.ts';

const SIZE = 64 * 1024;
// cli; hlt; jmp to the hlt: at the address where a PC starts. A guest with it runs, and uses no CPU time.
const HALT = [0xfa, 0xf4, 0xeb, 0xfd];

// jmp to the start of the ROM, 0xFFF0 bytes back: as 16 bits, 13 bytes on.
const TO_START = [0xe9, 0x0d, 0x00];

/** Where the lab keeps the ROM that guests start instead of a BIOS. */
export function romOf(dir: string): string {
  return join(dir, 'halt.rom');
}

/** The ROM of a guest that changes its memory all the time (`busy.s`), so that a slow migration of it never ends by itself. */
export function busyRomOf(dir: string): string {
  return join(dir, 'busy.rom');
}

export async function makeRom(dir: string): Promise<void> {
  const rom = new Uint8Array(SIZE);
  rom.set(HALT, SIZE - 16);
  await writeFile(romOf(dir), rom);
  const busy = new Uint8Array(SIZE);
  const program = join(dir, 'busy.bin');
  await assemble('busy.s', 0, program);
  busy.set(await readFile(program));
  busy.set(TO_START, SIZE - 16);
  await writeFile(busyRomOf(dir), busy);
}
