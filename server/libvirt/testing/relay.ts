import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Direction = 'to-daemon' | 'from-daemon';

/** The header of a frame. */
export interface PassingFrame {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
}

const HEADER = 28;

/** A unix socket between a client and a daemon. It passes frames on unchanged, one by one, or drops them where a test says so. */
export class Relay {
  readonly socket: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #ends = new Set<Socket>();

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.socket = join(folder, 'socket');
    this.#server = server;
  }

  /** @param passes called with every frame; answers whether it is passed on */
  static async open(
    daemon: string,
    passes: (direction: Direction, frame: PassingFrame) => boolean,
  ): Promise<Relay> {
    const relay = new Relay(await mkdtemp(join(tmpdir(), 'relay-')), createServer());
    relay.#server.on('connection', (client) => {
      const there = connect(daemon);
      relay.#join(client, there, (frame) => passes('to-daemon', frame));
      relay.#join(there, client, (frame) => passes('from-daemon', frame));
    });
    await new Promise<void>((resolve) => relay.#server.listen(relay.socket, resolve));
    return relay;
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  /** When either end closes, so does the other. */
  #join(from: Socket, to: Socket, passes: (frame: PassingFrame) => boolean): void {
    this.#ends.add(from);
    let kept = Buffer.alloc(0);
    from.on('data', (bytes) => {
      kept = Buffer.concat([kept, bytes]);
      while (kept.length >= HEADER && kept.length >= kept.readUInt32BE()) {
        const frame = kept.subarray(0, kept.readUInt32BE());
        kept = kept.subarray(frame.length);
        const [program, procedure, type] = [4, 12, 16].map((at) => frame.readUInt32BE(at));
        if (passes({ program: program ?? 0, procedure: procedure ?? 0, type: type ?? 0 })) to.write(frame);
      }
    });
    from.on('error', () => from.destroy());
    from.on('close', () => to.destroy());
  }
}
