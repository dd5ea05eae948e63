import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SIZE = 64 * 1024;
// cli; hlt; jmp to the hlt: at the address where a PC starts. A guest with it runs, and uses no CPU time.
const HALT = [0xfa, 0xf4, 0xeb, 0xfd];

// Writes one word of each of 128 pages (512 KiB from 64 KiB on), round and round: cli; round: mov %cr0,%eax; xor $0x10000,%eax;
// mov %eax,%cr0; mov $0x1000,%ax; seg: mov %ax,%es; xor %di,%di; page: incw %es:(%di); add $0x1000,%di; jnz page;
// add $0x1000,%ax; cmp $0x9000,%ax; jne seg; jmp round. Another %cr0 empties the TLB: without KVM, QEMU 7.2 notes only the first
// write to a page since then, and a migration would find that nothing changes any more.
const BUSY = [
  0xfa, 0x0f, 0x20, 0xc0, 0x66, 0x35, 0x00, 0x00, 0x01, 0x00, 0x0f, 0x22, 0xc0, 0xb8, 0x00, 0x10, 0x8e, 0xc0,
  0x31, 0xff, 0x26, 0xff, 0x05, 0x81, 0xc7, 0x00, 0x10, 0x75, 0xf7, 0x05, 0x00, 0x10, 0x3d, 0x00, 0x90, 0x75,
  0xeb, 0xeb, 0xda,
];
// jmp to the start of the ROM, 0xFFF0 bytes back: as 16 bits, 13 bytes on.
const TO_START = [0xe9, 0x0d, 0x00];

/** Where the lab keeps the ROM that guests start instead of a BIOS. */
export function romOf(dir: string): string {
  return join(dir, 'halt.rom');
}

/** The ROM of a guest that changes its memory all the time, so that a slow migration of it never ends by itself. */
export function busyRomOf(dir: string): string {
  return join(dir, 'busy.rom');
}

export async function makeRom(dir: string): Promise<void> {
  const rom = new Uint8Array(SIZE);
  rom.set(HALT, SIZE - 16);
  await writeFile(romOf(dir), rom);
  const busy = new Uint8Array(SIZE);
  busy.set(BUSY);
  busy.set(TO_START, SIZE - 16);
  await writeFile(busyRomOf(dir), busy);
}
