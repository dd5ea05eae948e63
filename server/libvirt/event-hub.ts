import { isConnectionLost, LibvirtError } from './errors.ts';
import { type EventKind, eventKinds } from './event-kinds.ts';
import type { Frame } from './frame.ts';
import { MAX_EVENTS_WAITING } from './limits.ts';
import { table } from './procedures.ts';
import { type Rpc, violation } from './rpc.ts';
import { Reader } from './xdr/reader.ts';

/** The receiver of the events of one callback id. */
export interface Route {
  deliver(body: Reader): void;
  overflow(): void;
  fail(reason: LibvirtError): void;
}

const known = new Set(Object.values(eventKinds).map((kind) => `${kind.program}:${kind.procedure}`));

/** Registers for the daemon's events and hands each to the receiver that registered for it. */
export class EventHub {
  readonly #rpc: Rpc;
  /** By program, procedure and callback id, since a callback id alone does not say whose it is. */
  readonly #routes = new Map<string, Route>();
  /** Registrations that the daemon has not answered yet. */
  #registering = 0;
  /** Events of ids not known yet: the daemon may send the first ones before its answer to the registration. */
  #early: Frame[] = [];
  #earlyLost = false;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
    void rpc.closed.then((reason) => {
      for (const route of this.#routes.values()) route.fail(reason);
      this.#routes.clear();
    });
  }

  /** Resolves with the callback id once the daemon sends these events. `name` selects one of QEMU's. */
  async register(kind: EventKind<object>, name: string | null, route: Route): Promise<number> {
    this.#registering++;
    try {
      const callback = await this.#ask(kind, name);
      this.#routes.set(routeKey(kind, callback), route);
      if (this.#earlyLost) route.overflow();
      const early = this.#early;
      this.#early = [];
      for (const frame of early) this.receive(frame);
      return callback;
    } finally {
      this.#registering--;
      if (this.#registering === 0) {
        this.#early = [];
        this.#earlyLost = false;
      }
    }
  }

  /** A lost connection ends the registration too. After any other failure the two sides disagree, so the connection is ended. */
  async deregister(kind: EventKind<object>, callback: number): Promise<void> {
    this.#routes.delete(routeKey(kind, callback));
    try {
      await this.#rpc.call(deregistration[kind.source], { callback });
    } catch (error) {
      if (isConnectionLost(error)) return;
      const text = 'The daemon refused to stop sending events.';
      this.#rpc.end(new LibvirtError('PROTOCOL_ERROR', text, { cause: error }));
    }
  }

  receive(frame: Frame): void {
    if (!known.has(`${frame.program}:${frame.procedure}`)) {
      throw violation(`an event of procedure ${frame.procedure}, which was not asked for`);
    }
    const body = new Reader(frame.body);
    const route = this.#routes.get(routeKey(frame, body.int()));
    if (route !== undefined) {
      route.deliver(body);
      body.end();
    } else if (this.#registering > 0) {
      if (this.#early.length < MAX_EVENTS_WAITING) this.#early.push(frame);
      else this.#earlyLost = true;
    }
    // Otherwise its reader left while the event was on its way.
  }

  #ask(kind: EventKind<object>, name: string | null): Promise<number> {
    switch (kind.source) {
      case 'domain': {
        const args = { event: kind.id, domain: null };
        return this.#rpc.call(table.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, args);
      }
      case 'qemu': {
        const args = { domain: null, event: name, flags: 0 };
        return this.#rpc.call(table.QEMU_CONNECT_DOMAIN_MONITOR_EVENT_REGISTER, args);
      }
    }
  }
}

const deregistration = {
  domain: table.CONNECT_DOMAIN_EVENT_CALLBACK_DEREGISTER_ANY,
  qemu: table.QEMU_CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER,
};

function routeKey(of: { program: number; procedure: number }, callback: number): string {
  return `${of.program}:${of.procedure}:${callback}`;
}
