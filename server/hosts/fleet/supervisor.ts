import { setTimeout as delay } from 'node:timers/promises';
import { capabilitiesOf, UNKNOWN_CAPABILITIES } from '../../../model/fleet/capabilities.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Host } from '../../../model/fleet/host.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import { type Connection, isAborted, isConnectionLost, versionText } from '../../libvirt/index.ts';
import type { JobEnd } from '../../ports/job-end.ts';
import type { WriteHistory } from '../../ports/write-history.ts';
import { daemonFolders } from './daemon-folders.ts';
import { watchGuestFiles } from './guest-files.ts';
import { listGuests, loadGuest } from './guest-loader.ts';
import { followEvents, followOverlays } from './host-events.ts';
import { Inventory } from './inventory.ts';
import { localSocket } from './local-socket.ts';
import { securityModelsOf } from './security-models.ts';
import type { Source } from './source.ts';

/** Receives the changes of a host. */
export interface HostListener {
  hostChanged(host: Host): void;
  guestChanged(change: { hostId: string; uuid: string; guest: Guest | null }): void;
  jobEnded(end: JobEnd): void;
  /** A problem for the log, which needs no action at once. */
  warn(message: string, error: unknown): void;
}

export interface HostIdentity {
  readonly id: string;
  readonly uri: string;
  /** Shown to people; `null` for the host's own name. */
  readonly name: string | null;
}

export type Connect = (uri: string, options?: { signal?: AbortSignal }) => Promise<Connection>;

/** Milliseconds between two attempts to connect. */
const SHORTEST_WAIT = 250;
const LONGEST_WAIT = 15_000;
/** Milliseconds until a host that does not answer counts as lost. */
const LONGEST_CONNECT = 30_000;
/** Milliseconds until a host is shown without the guests that do not answer. */
const LONGEST_LOAD = 5000;

/**
 * Keeps one host connected: connects, loads its inventory, refreshes what an event touches, and connects again with growing
 * delays when the connection is lost. Meanwhile the last inventory stays, and the host's state says that it is lost.
 */
export class Supervisor {
  readonly #identity: HostIdentity;
  readonly #connect: Connect;
  readonly #listener: HostListener;
  readonly #writes: WriteHistory;
  readonly #inventory: Inventory<Source>;
  readonly #stop = new AbortController();
  #host: Host;
  #source: Source | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(identity: HostIdentity, connect: Connect, writes: WriteHistory, listener: HostListener) {
    this.#identity = identity;
    this.#writes = writes;
    this.#connect = connect;
    this.#listener = listener;
    this.#host = {
      id: identity.id,
      uri: identity.uri,
      name: identity.name ?? identity.uri,
      state: 'connecting',
      problem: null,
      local: localSocket(identity.uri) !== null,
      libvirtVersion: null,
      qemuVersion: null,
      capabilities: UNKNOWN_CAPABILITIES,
    };
    this.#inventory = new Inventory(
      { list: listGuests, load: loadGuest },
      ({ uuid, guest }) => listener.guestChanged({ hostId: identity.id, uuid, guest }),
      (error) => this.#warnUnlessLost('A guest could not be read', error),
    );
  }

  start(): void {
    this.#running = this.#keepConnected();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  host(): Host {
    return this.#host;
  }

  inventory(): Inventory<Source> {
    return this.#inventory;
  }

  /** The present connection. Throws `NOT_CONNECTED` while there is none. */
  source(): Source {
    if (this.#source === null) {
      throw new ProblemError('conflict', problem('NOT_CONNECTED', { host: this.#host.name }));
    }
    return this.#source;
  }

  /**
   * Another connection to the host, which the caller closes. Throws `NOT_CONNECTED` while the host is lost, else the
   * connection's own error.
   */
  async connectAgain(): Promise<Connection> {
    const { connection } = this.source();
    try {
      return await this.#connect(this.#identity.uri, { signal: AbortSignal.timeout(LONGEST_CONNECT) });
    } catch (error) {
      // Throws where the host is lost. Otherwise the host refused only this connection.
      await connection.ping();
      throw error;
    }
  }

  /** Reads a guest again in the background; does nothing while the host is lost. */
  refresh(uuid: string): void {
    if (this.#source !== null) this.#inventory.touch(this.#source, { uuid });
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#stop;
    let wait = SHORTEST_WAIT;
    while (!signal.aborted) {
      const lost = await this.#connectedOnce(() => {
        wait = SHORTEST_WAIT;
      });
      if (signal.aborted) return;
      this.#lose(lost);
      // `stop` aborts the wait.
      await delay(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  /** Logs the first of many attempts that fail for the same reason. */
  #lose(error: unknown): void {
    const reason = reasonOf(error);
    const known = this.#host.state === 'lost' && this.#host.problem?.params.reason === reason;
    if (!known) this.#listener.warn('The connection is lost', error);
    this.#change({ state: 'lost', problem: problem('HOST_LOST', { reason }) });
  }

  /** Connects, and resolves with the reason when the connection ends. */
  async #connectedOnce(connected: () => void): Promise<unknown> {
    const { signal } = this.#stop;
    const ended = new AbortController();
    let connection: Connection | null = null;
    const close = () => void connection?.close();
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CONNECT)]);
      connection = await this.#connect(this.#identity.uri, { signal: patience });
      if (signal.aborted) throw signal.reason;
      signal.addEventListener('abort', close);
      const [hostname, libvirt, qemu, securityModels] = await Promise.all([
        connection.call('CONNECT_GET_HOSTNAME', {}),
        connection.call('CONNECT_GET_LIB_VERSION', {}),
        connection.call('CONNECT_GET_VERSION', {}),
        securityModelsOf(connection),
      ]);
      const versions = { libvirtVersion: versionText(libvirt), qemuVersion: versionText(qemu) };
      const capabilities = capabilitiesOf(versions);
      const { local } = this.#host;
      const socket = localSocket(this.#identity.uri);
      const folders = socket === null ? null : await daemonFolders(socket);
      const hostId = this.#identity.id;
      const writes = this.#writes;
      const source = { connection, hostId, local, capabilities, securityModels, writes, folders };
      await this.#subscribe(source, ended.signal);
      await this.#loadPatiently(source, ended.signal);
      this.#source = source;
      connected();
      this.#change({
        state: 'connected',
        problem: null,
        name: this.#identity.name ?? hostname,
        ...versions,
        capabilities,
      });
      return await connection.closed;
    } catch (error) {
      await connection?.close();
      return error;
    } finally {
      this.#source = null;
      signal.removeEventListener('abort', close);
      ended.abort();
    }
  }

  /** Loads all guests, but waits only so long: a guest whose QEMU hangs appears when it answers. */
  async #loadPatiently(source: Source, signal: AbortSignal): Promise<void> {
    const all = this.#inventory.loadAll(source);
    const late = delay(LONGEST_LOAD, 'late', { signal, ref: false }).catch(() => 'over');
    if ((await Promise.race([all, late])) !== 'late') return;
    this.#listener.warn('Some guests do not answer', new Error(`Not read within ${LONGEST_LOAD} ms`));
    all.catch((error: unknown) => this.#warnUnlessLost('Guests could not be read', error));
  }

  /** Resolves once the daemon sends events, so that a load afterwards misses no change. */
  async #subscribe(source: Source, signal: AbortSignal): Promise<void> {
    const { hostId, folders } = source;
    const files = (name: string) => {
      const guest = this.#inventory.guests().find((candidate) => candidate.name === name);
      if (guest) this.#inventory.touch(source, guest);
    };
    await followEvents(source.connection, signal, {
      touched: (uuid) => this.#inventory.touch(source, { uuid }),
      jobEnded: (end) => this.#listener.jobEnded({ hostId, ...end }),
      lost: (error) => this.#warnUnlessLost('Events were lost', error),
    });
    if (folders === null) {
      await followOverlays(source.connection, signal, {
        touched: (uuid) => this.#inventory.touch(source, { uuid }),
        lost: (error) => this.#warnUnlessLost('Events were lost', error),
      });
    } else {
      watchGuestFiles(folders, {
        signal,
        changed: files,
        unwatchable: (folder, error) =>
          this.#listener.warn(
            `Snapshots that others take may be seen late: ${folder} can't be watched`,
            error,
          ),
      });
    }
  }

  #change(change: Partial<Host>): void {
    this.#host = { ...this.#host, ...change };
    this.#listener.hostChanged(this.#host);
  }

  #warnUnlessLost(message: string, error: unknown): void {
    if (!isConnectionLost(error) && !isAborted(error)) this.#listener.warn(message, error);
  }
}
