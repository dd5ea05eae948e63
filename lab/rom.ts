import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SIZE = 64 * 1024;
// cli; hlt; jmp to the hlt: at the address where a PC starts. A guest with it runs, and uses no CPU time.
const HALT = [0xfa, 0xf4, 0xeb, 0xfd];

/** Where the lab keeps the ROM that guests start instead of a BIOS. */
export function romOf(dir: string): string {
  return join(dir, 'halt.rom');
}

export async function makeRom(dir: string): Promise<void> {
  const rom = new Uint8Array(SIZE);
  rom.set(HALT, SIZE - 16);
  await writeFile(romOf(dir), rom);
}
