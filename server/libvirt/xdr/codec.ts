import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

export interface Decoder<Out> {
  read(reader: Reader): Out;
}

export interface Encoder<In> {
  write(writer: Writer, value: In): void;
}

/**
 * Reads and writes one type. `In` is what may be written, where that is more than what is read: a number for a
 * 64-bit field.
 */
export interface Codec<Out, In = Out> extends Decoder<Out>, Encoder<In> {}

/** What a codec reads. */
export type Read<C> = C extends Decoder<infer Out> ? Out : never;

/** What a codec writes. */
export type Written<C> = C extends Encoder<infer In> ? In : never;
