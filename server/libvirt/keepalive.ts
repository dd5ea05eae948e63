import type { Duplex } from 'node:stream';
import { LibvirtError } from './errors.ts';
import { encodeFrame, type Frame, MessageType, Status } from './frame.ts';
import { Program } from './procedures.ts';
import { type Rpc, violation } from './rpc.ts';
import { struct } from './xdr/composites.ts';

const PING = 1;
const PONG = 2;

/** Milliseconds without a byte from the daemon until it is pinged; libvirt's own interval. */
const INTERVAL = 5000;

/** Pings without any answer after which the daemon counts as dead. */
const PATIENCE = 3;

const message = (procedure: number) =>
  encodeFrame(
    { program: Program.KEEPALIVE, procedure, type: MessageType.MESSAGE, serial: 0, status: Status.OK },
    struct({}),
    {},
  );

/** Answers the daemon's pings, and pings it when it is silent, so that a dead daemon is found without a call. */
export class Keepalive {
  readonly #rpc: Rpc;
  #heard = true;
  #unanswered = 0;

  constructor(rpc: Rpc, stream: Duplex) {
    this.#rpc = rpc;
    // Any byte from the daemon shows that it is alive.
    stream.on('data', () => {
      this.#heard = true;
      this.#unanswered = 0;
    });
  }

  /** Starts to ping. Only a daemon that answered to the keepalive feature understands it. */
  start(interval = INTERVAL): void {
    const timer = setInterval(() => this.#tick(interval), interval);
    timer.unref();
    void this.#rpc.closed.then(() => clearInterval(timer));
  }

  receive(frame: Frame): void {
    if (frame.procedure === PING) this.#rpc.send(message(PONG));
    else if (frame.procedure !== PONG) throw violation(`keepalive procedure ${frame.procedure}`);
  }

  #tick(interval: number): void {
    if (this.#heard) {
      this.#heard = false;
      return;
    }
    if (this.#unanswered >= PATIENCE) {
      const seconds = ((PATIENCE + 1) * interval) / 1000;
      this.#rpc.end(
        new LibvirtError('KEEPALIVE_TIMEOUT', `The daemon has not answered for about ${seconds} seconds.`),
      );
      return;
    }
    this.#unanswered++;
    this.#rpc.send(message(PING));
  }
}
