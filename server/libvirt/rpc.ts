import type { Duplex } from 'node:stream';
import { aborted } from './abort.ts';
import { asLibvirtError, LibvirtError, reasonOf, remoteError } from './errors.ts';
import { encodeFrame, type Frame, FrameReader, MessageType, Status } from './frame.ts';
import { MAX_CALLS_IN_FLIGHT } from './limits.ts';
import type { Procedure } from './procedures.ts';
import { errorBody } from './shapes.ts';
import type { Decoder } from './xdr/codec.ts';
import { Reader } from './xdr/reader.ts';

interface Pending {
  readonly program: number;
  readonly procedure: number;
  readonly serial: number;
  readonly frame: Buffer;
  resolve(body: Frame): void;
  reject(error: LibvirtError): void;
}

/**
 * Calls and their replies on one stream: serials, the limit of calls in flight, routing. Frames that are no replies go to
 * `onMessage`. Anything that breaks the protocol ends the stream; nothing is retried.
 */
export class Rpc {
  /** Resolves with the reason when the stream ends, however it ends. */
  readonly closed: Promise<LibvirtError>;
  readonly #stream: Duplex;
  readonly #onMessage: (frame: Frame) => void;
  readonly #frames = new FrameReader();
  readonly #inFlight = new Map<number, Pending>();
  #waiting: Pending[] = [];
  #serial = 0;
  #corked = false;
  #reason: LibvirtError | null = null;
  readonly #resolveClosed: (reason: LibvirtError) => void;

  constructor(stream: Duplex, onMessage: (frame: Frame) => void) {
    const { promise, resolve } = Promise.withResolvers<LibvirtError>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.#stream = stream;
    this.#onMessage = onMessage;
    const lost = (what: string) => new LibvirtError('CONNECTION_LOST', what);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.end(lost('The daemon closed the connection.')));
    stream.on('close', () => this.end(lost('The connection to the daemon is gone.')));
    stream.on('error', (error) =>
      this.end(asLibvirtError(error, 'CONNECTION_LOST', 'The connection to the daemon broke')),
    );
  }

  /** Why the stream ended, null while it has not. */
  get reason(): LibvirtError | null {
    return this.#reason;
  }

  /**
   * Rejects with the daemon's error, with BAD_ARGUMENT before anything is sent, with MALFORMED_BODY for a reply of another
   * shape, with ABORTED, or with the reason why the connection ended.
   */
  call<A, R>(procedure: Procedure<A, R>, args: A, signal?: AbortSignal): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      if (this.#reason !== null) throw this.#reason;
      if (signal?.aborted) throw aborted(signal);
      const serial = this.#nextSerial();
      const { program, number } = procedure;
      const header = { program, procedure: number, type: MessageType.CALL, serial, status: Status.OK };
      const pending: Pending = {
        program,
        procedure: number,
        serial,
        frame: encodeFrame(header, procedure.args, args),
        resolve: (reply) => {
          signal?.removeEventListener('abort', abort);
          settle(reply, procedure.result, resolve, reject);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      // An aborted call stays in flight until its reply comes, since the daemon still works on it.
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== pending);
        if (signal !== undefined) reject(aborted(signal));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(pending);
      this.#pump();
    });
  }

  /** Writes a frame that expects no reply. */
  send(frame: Buffer): void {
    if (this.#reason !== null) return;
    // One system call for all that is sent in this tick. At most four calls are unanswered, so what the stream buffers is bounded.
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(frame);
  }

  /** Ends the stream; every pending call is rejected with `reason`. The first reason stays. */
  end(reason: LibvirtError): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    const pending = [...this.#inFlight.values(), ...this.#waiting];
    this.#inFlight.clear();
    this.#waiting = [];
    this.#stream.destroy();
    for (const call of pending) call.reject(reason);
    this.#resolveClosed(reason);
  }

  #nextSerial(): number {
    do {
      this.#serial = this.#serial === 0xffff_ffff ? 1 : this.#serial + 1;
    } while (this.#inFlight.has(this.#serial));
    return this.#serial;
  }

  #pump(): void {
    while (this.#inFlight.size < MAX_CALLS_IN_FLIGHT) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inFlight.set(next.serial, next);
      this.send(next.frame);
    }
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) {
        if (this.#reason !== null) return;
        if (frame.version !== 1) throw violation(`a frame of version ${frame.version}`);
        if (frame.type === MessageType.REPLY) this.#reply(frame);
        else if (frame.type === MessageType.MESSAGE) this.#onMessage(frame);
        else throw violation(`a frame of type ${frame.type}`);
      }
    } catch (error) {
      this.end(fatal(error));
    }
  }

  #reply(frame: Frame): void {
    const call = this.#inFlight.get(frame.serial);
    if (call === undefined) throw violation(`a reply with the serial ${frame.serial}, which no call has`);
    if (call.program !== frame.program || call.procedure !== frame.procedure) {
      throw violation(`a reply of procedure ${frame.procedure} to a call of ${call.procedure}`);
    }
    if (frame.status !== Status.OK && frame.status !== Status.ERROR) {
      throw violation(`a reply of status ${frame.status}`);
    }
    this.#inFlight.delete(frame.serial);
    call.resolve(frame);
    this.#pump();
  }
}

/** A malformed message ends the connection, since its content is lost; a malformed reply only rejects its call. */
function fatal(error: unknown): LibvirtError {
  if (error instanceof LibvirtError && error.code !== 'MALFORMED_BODY') return error;
  return new LibvirtError('PROTOCOL_ERROR', `What the daemon sent could not be handled: ${reasonOf(error)}`, {
    cause: error,
  });
}

function settle<R>(
  reply: Frame,
  result: Decoder<R>,
  resolve: (value: R) => void,
  reject: (error: unknown) => void,
): void {
  try {
    if (reply.status === Status.OK) {
      resolve(decode(reply.body, result));
    } else {
      const { code, domain, message } = decode(reply.body, errorBody);
      reject(remoteError(code, domain, message));
    }
  } catch (error) {
    reject(error);
  }
}

/** The body's value; it must fill the body. */
export function decode<T>(body: Buffer, decoder: Decoder<T>): T {
  const reader = new Reader(body);
  const value = decoder.read(reader);
  reader.end();
  return value;
}

export function violation(what: string): LibvirtError {
  return new LibvirtError('PROTOCOL_ERROR', `The daemon broke libvirt's protocol: it sent ${what}.`);
}
