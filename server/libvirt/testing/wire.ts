import { type Duplex, duplexPair } from 'node:stream';
import { type Frame, FrameReader } from '../frame.ts';
import type { Encoder } from '../xdr/codec.ts';
import { Writer } from '../xdr/writer.ts';

/** Both ends of a stream within this process. As with a socket, bytes arrive later, and when one end closes, so does the other. */
export function wire(): { client: Duplex; daemon: Duplex } {
  const [client, daemon] = duplexPair();
  daemon.on('close', () => client.destroy());
  client.on('close', () => daemon.destroy());
  return { client, daemon };
}

/** The daemon's end, which answers only what a test has it answer. */
export class DaemonEnd {
  readonly stream: Duplex;
  readonly #frames: Frame[] = [];
  readonly #readers: ((frame: Frame) => void)[] = [];

  constructor(stream: Duplex) {
    this.stream = stream;
    const reader = new FrameReader();
    stream.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) {
        const waiting = this.#readers.shift();
        if (waiting !== undefined) waiting(frame);
        else this.#frames.push(frame);
      }
    });
  }

  /** Number of frames that came and were not taken yet. */
  get untaken(): number {
    return this.#frames.length;
  }

  /** The next frame that the client sent. */
  take(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Answers a call; `over` replaces words of the header that a correct daemon copies from the call. */
  reply<In>(
    call: Frame,
    result: Encoder<In>,
    value: In,
    over: Partial<Record<HeaderWord, number>> = {},
  ): void {
    this.stream.write(frameOf({ ...call, type: 1, status: 0, ...over }, result, value));
  }

  message<In>(program: number, procedure: number, body: Encoder<In>, value: In): void {
    this.stream.write(
      frameOf({ program, version: 1, procedure, type: 2, serial: 0, status: 0 }, body, value),
    );
  }
}

type HeaderWord = 'program' | 'version' | 'procedure' | 'type' | 'serial' | 'status';

/** A frame word by word, without `encodeFrame`, so that a mistake there shows. */
export function frameOf<In>(header: Record<HeaderWord, number>, body: Encoder<In>, value: In): Buffer {
  const writer = new Writer();
  body.write(writer, value);
  const { program, version, procedure, type, serial, status } = header;
  const words = [28 + writer.length, program, version, procedure, type, serial, status];
  const head = Buffer.alloc(28);
  for (const [i, word] of words.entries()) head.writeUInt32BE(word, i * 4);
  return Buffer.concat([head, writer.finish()]);
}
