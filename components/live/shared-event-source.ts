import type { StreamMessage } from './stream-hub.ts';
import type { Asked } from './stream-worker.ts';

/**
 * An `EventSource` whose connection is shared by all tabs: over HTTP/1.1 browsers allow six to a host, so that with
 * one for each tab the seventh would never load.
 */
export class SharedEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState = 0;
  readonly #port: MessagePort;
  readonly #onHide = () => this.close();

  constructor(url: string) {
    super();
    const worker = new SharedWorker(new URL('./stream-worker.ts', import.meta.url), { type: 'module' });
    // Without its script, as where the server is down just then, nothing would ever be heard: the reader tries again.
    worker.onerror = () =>
      this.#hear({ type: 'error', data: null, lastEventId: '', readyState: this.CLOSED });
    this.#port = worker.port;
    this.#port.onmessage = ({ data }: MessageEvent<StreamMessage>) => this.#hear(data);
    this.#ask({ kind: 'join', url: new URL(url, window.location.href).href });
    window.addEventListener('pagehide', this.#onHide);
  }

  close(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    window.removeEventListener('pagehide', this.#onHide);
    this.#ask({ kind: 'leave' });
    this.#port.close();
  }

  #hear({ type, data, lastEventId, readyState }: StreamMessage): void {
    if (this.readyState === this.CLOSED) return;
    if (readyState === this.CLOSED) this.close();
    else this.readyState = readyState;
    this.dispatchEvent(type === 'error' ? new Event(type) : new MessageEvent(type, { data, lastEventId }));
  }

  #ask(asked: Asked): void {
    this.#port.postMessage(asked);
  }
}

/** The browser's own where it has no shared workers, as on Android. The server has neither, and opens none. */
export function eventSource(): typeof SharedEventSource | typeof EventSource {
  return typeof SharedWorker === 'undefined' ? globalThis.EventSource : SharedEventSource;
}
