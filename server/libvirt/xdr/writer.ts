import { LibvirtError } from '../errors.ts';
import { MAX_FRAME } from '../limits.ts';
import { paddedLength } from './padding.ts';

/** Writes XDR (RFC 4506) values one after the other into one buffer that grows up to a frame's limit. */
export class Writer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  uint(value: number): void {
    const start = this.#take(4);
    this.#bytes.writeUInt32BE(value, start);
  }

  int(value: number): void {
    const start = this.#take(4);
    this.#bytes.writeInt32BE(value, start);
  }

  uhyper(value: bigint): void {
    const start = this.#take(8);
    this.#bytes.writeBigUInt64BE(value, start);
  }

  hyper(value: bigint): void {
    const start = this.#take(8);
    this.#bytes.writeBigInt64BE(value, start);
  }

  double(value: number): void {
    const start = this.#take(8);
    this.#bytes.writeDoubleBE(value, start);
  }

  bytes(value: Uint8Array): void {
    const start = this.#take(paddedLength(value.length));
    this.#bytes.set(value, start);
    this.#bytes.fill(0, start + value.length, this.#length);
  }

  /** `length` is the text's length in UTF-8. */
  text(value: string, length: number): void {
    const start = this.#take(paddedLength(length));
    this.#bytes.write(value, start, length, 'utf8');
    this.#bytes.fill(0, start + length, this.#length);
  }

  /** Puts `value` where a word was written earlier: a frame's length is known only at its end. */
  patch(offset: number, value: number): void {
    this.#bytes.writeUInt32BE(value, offset);
  }

  get length(): number {
    return this.#length;
  }

  /** The written bytes, not copied. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #take(length: number): number {
    const start = this.#length;
    const needed = start + length;
    if (needed > MAX_FRAME) {
      throw new LibvirtError(
        'BAD_ARGUMENT',
        `The arguments need more than ${MAX_FRAME} bytes, libvirt's limit.`,
      );
    }
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(MAX_FRAME, Math.max(needed, this.#bytes.length * 2)));
      this.#bytes.copy(grown, 0, 0, start);
      this.#bytes = grown;
    }
    this.#length = needed;
    return start;
  }
}
