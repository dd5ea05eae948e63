import { LibvirtError } from '../errors.ts';
import { paddedLength } from './padding.ts';

/**
 * Reads XDR (RFC 4506) values one after the other out of one message body.
 * A read past the end throws MALFORMED_BODY; lengths that the peer sent are checked against the body's length before
 * anything is allocated. Opaque values are views of the body, not copies.
 */
export class Reader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  uhyper(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  hyper(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  /** A count or length that the peer sent; at most `limit`. */
  length(limit: number, what: string): number {
    const length = this.uint();
    if (length > limit)
      throw malformed(`${what} of ${length} entries or bytes, at most ${limit} are allowed`);
    return length;
  }

  /** `length` bytes and the padding after them. */
  bytes(length: number): Buffer {
    const start = this.#take(paddedLength(length));
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    const start = this.#take(paddedLength(length));
    return this.#bytes.toString('utf8', start, start + length);
  }

  /** Throws where bytes are left, which shows that the daemon's type is another one. */
  end(): void {
    if (this.remaining > 0) throw malformed(`${this.remaining} bytes follow the last field`);
  }

  #take(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) {
      throw malformed(`a field of ${length} bytes begins at ${start} of ${this.#bytes.length}`);
    }
    this.#offset = start + length;
    return start;
  }
}

export function malformed(what: string): LibvirtError {
  return new LibvirtError('MALFORMED_BODY', `The daemon sent a message that doesn't fit its type: ${what}.`);
}
