import { join } from 'node:path';
import { run } from './run.ts';

/** Assembles a program of this folder for a guest that has it at this address; the file holds nothing but its bytes. */
export async function assemble(source: string, address: number, file: string): Promise<void> {
  const object = `${file}.o`;
  await run('as', ['--32', '-o', object, join(import.meta.dirname, source)]);
  const place = ['-m', 'elf_i386', '-Ttext', `0x${address.toString(16)}`];
  await run('ld', [...place, '--oformat', 'binary', '-o', file, object]);
}
