import { LibvirtError } from '../errors.ts';
import { MAX_STRING } from '../limits.ts';
import type { Codec } from './codec.ts';
import { malformed } from './reader.ts';

const bad = (what: string) => new LibvirtError('BAD_ARGUMENT', `${what} can't be sent to libvirt.`);

function inRange(value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw bad(`The number ${value}, not an integer between ${least} and ${most},`);
  }
  return value;
}

function wide(value: bigint | number, least: bigint, most: bigint): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw bad(`The inexact number ${value}`);
  const exact = BigInt(value);
  if (exact < least || exact > most) throw bad(`The number ${exact}, not between ${least} and ${most},`);
  return exact;
}

export const uint: Codec<number> = {
  read: (reader) => reader.uint(),
  write: (writer, value) => writer.uint(inRange(value, 0, 0xffff_ffff)),
};

export const int: Codec<number> = {
  read: (reader) => reader.int(),
  write: (writer, value) => writer.int(inRange(value, -0x8000_0000, 0x7fff_ffff)),
};

export const uhyper: Codec<bigint, bigint | number> = {
  read: (reader) => reader.uhyper(),
  write: (writer, value) => writer.uhyper(wide(value, 0n, 2n ** 64n - 1n)),
};

export const hyper: Codec<bigint, bigint | number> = {
  read: (reader) => reader.hyper(),
  write: (writer, value) => writer.hyper(wide(value, -(2n ** 63n), 2n ** 63n - 1n)),
};

export const double: Codec<number> = {
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(value),
};

/** libvirt sends a boolean as an int, 0 or 1. */
export const bool: Codec<boolean> = {
  read(reader) {
    const value = reader.uint();
    if (value > 1) throw malformed(`a truth value of ${value}`);
    return value === 1;
  },
  write: (writer, value) => writer.uint(value ? 1 : 0),
};

/**
 * UTF-8 text. A NUL is refused, since the daemon's C string would end there and name something else; so is half of a
 * surrogate pair.
 */
export const string: Codec<string> = {
  read: (reader) => reader.text(reader.length(MAX_STRING, 'a string')),
  write(writer, value) {
    if (value.includes('\0') || !value.isWellFormed()) throw bad('A text with a NUL or half a character');
    const length = Buffer.byteLength(value, 'utf8');
    if (length > MAX_STRING) throw bad(`A text of ${length} bytes, more than ${MAX_STRING},`);
    writer.uint(length);
    writer.text(value, length);
  },
};

/** Bytes with their number before them. What is read is a view of the message. */
export const opaque: Codec<Uint8Array> = {
  read: (reader) => reader.bytes(reader.length(MAX_STRING, 'opaque data')),
  write(writer, value) {
    if (value.length > MAX_STRING) throw bad(`${value.length} bytes of data, more than ${MAX_STRING},`);
    writer.uint(value.length);
    writer.bytes(value);
  },
};

/** Exactly `length` bytes, copied out of the message so that keeping them does not keep the message. */
export function fixed(length: number): Codec<Uint8Array> {
  return {
    read: (reader) => new Uint8Array(reader.bytes(length)),
    write(writer, value) {
      if (value.length !== length) throw bad(`A value of ${value.length} bytes, not ${length},`);
      writer.bytes(value);
    },
  };
}
