import { LibvirtError } from './errors.ts';
import { MAX_FRAME } from './limits.ts';
import type { Encoder } from './xdr/codec.ts';
import { Writer } from './xdr/writer.ts';

/** Types of frames. The client never asks for file descriptors or streams, so their types never come. */
export const MessageType = { CALL: 0, REPLY: 1, MESSAGE: 2 } as const;
export const Status = { OK: 0, ERROR: 1 } as const;

/** The six words between a frame's length and its body. */
export interface Header {
  program: number;
  version: number;
  procedure: number;
  type: number;
  /** Pairs a reply with its call; 0 in messages. */
  serial: number;
  status: number;
}

export interface Frame extends Header {
  /** A view of the received bytes. */
  body: Buffer;
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 28;

/** A whole frame, ready to be written. */
export function encodeFrame<In>(header: Omit<Header, 'version'>, body: Encoder<In>, value: In): Buffer {
  const writer = new Writer();
  writer.uint(0);
  writer.uint(header.program);
  writer.uint(1);
  writer.uint(header.procedure);
  writer.uint(header.type);
  writer.uint(header.serial);
  writer.uint(header.status);
  body.write(writer, value);
  writer.patch(0, writer.length);
  return writer.finish();
}

/** Cuts a byte stream into frames, wherever it was split. */
export class FrameReader {
  #parts: Buffer[] = [];
  #buffered = 0;
  #wanted = LENGTH_BYTES;

  /**
   * The frames that are complete with this chunk. Throws FRAME_TOO_LARGE or FRAME_TOO_SMALL: the bytes that follow can't be
   * divided into frames any more, so the reader can't be used again.
   */
  *push(chunk: Buffer): Generator<Frame, void, void> {
    this.#parts.push(chunk);
    this.#buffered += chunk.length;
    // Parts are joined only when a whole length word or frame has come: memory grows with the bytes that came, not with the length announced.
    while (this.#buffered >= this.#wanted) {
      const bytes = this.#joined();
      const length = frameLength(bytes);
      this.#wanted = length;
      if (bytes.length < length) continue;
      this.#keep(bytes.subarray(length));
      yield {
        program: bytes.readUInt32BE(4),
        version: bytes.readUInt32BE(8),
        procedure: bytes.readUInt32BE(12),
        type: bytes.readUInt32BE(16),
        serial: bytes.readUInt32BE(20),
        status: bytes.readUInt32BE(24),
        body: bytes.subarray(HEADER_BYTES, length),
      };
    }
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    if (first !== undefined && this.#parts.length === 1) return first;
    const bytes = Buffer.concat(this.#parts, this.#buffered);
    this.#parts = [bytes];
    return bytes;
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
    this.#wanted = LENGTH_BYTES;
  }
}

function frameLength(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  if (length > MAX_FRAME) {
    throw new LibvirtError(
      'FRAME_TOO_LARGE',
      `The daemon announced ${length} bytes; at most ${MAX_FRAME} are allowed.`,
    );
  }
  if (length < HEADER_BYTES) {
    throw new LibvirtError(
      'FRAME_TOO_SMALL',
      `The daemon announced ${length} bytes; a header alone has ${HEADER_BYTES}.`,
    );
  }
  return length;
}
