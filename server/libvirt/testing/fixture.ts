import { readdirSync, readFileSync } from 'node:fs';

const directory = new URL('./fixtures/', import.meta.url);

/** The bytes of an annotated hex file; text after # is a comment. */
export function fixture(name: string): Buffer {
  const text = readFileSync(new URL(`${name}.hex`, directory), 'utf8');
  return Buffer.from(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''), 'hex');
}

export function fixtureNames(): string[] {
  return readdirSync(directory)
    .map((file) => file.replace(/\.hex$/, ''))
    .sort();
}
