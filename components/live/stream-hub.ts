/** What a stream said, in a form that can be sent from the worker to a tab. */
export interface Told {
  readonly type: string;
  readonly data: string | null;
  readonly lastEventId: string;
  /** Of the source, after the event. */
  readonly readyState: number;
}

/** What the hub needs of an `EventSource`. */
interface StreamSource {
  readonly CLOSED: number;
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

/** Everything that the API's streams send, and the browser's own `error`. */
const TYPES = ['message', 'connected', 'ping', 'return', 'serialized-error', 'error'];

/** Milliseconds in which several tabs that come at once share one new connection. */
const TOGETHER = 50;

/**
 * One event stream for many readers. Whoever joins has it opened anew, so that everyone is greeted with the
 * revision of now, and the newest reader's address, which says which guest is in view, holds for all. It goes on after
 * the last event that anybody was told.
 */
export class StreamHub<Reader> {
  readonly #connect: (url: string) => StreamSource;
  readonly #tell: (reader: Reader, told: Told) => void;
  readonly #readers = new Set<Reader>();
  #source: StreamSource | null = null;
  #url = '';
  #lastEventId = 0;
  #opening: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: (url: string) => StreamSource, tell: (reader: Reader, told: Told) => void) {
    this.#connect = connect;
    this.#tell = tell;
  }

  join(reader: Reader, url: string): void {
    this.#readers.add(reader);
    this.#url = url;
    if (this.#source === null) this.#open();
    else this.#opening ??= setTimeout(() => this.#open(), TOGETHER);
  }

  leave(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#close();
  }

  #open(): void {
    this.#close();
    const source = this.#connect(after(this.#url, this.#lastEventId));
    this.#source = source;
    for (const type of TYPES) source.addEventListener(type, (event) => this.#pass(source, event));
  }

  #close(): void {
    clearTimeout(this.#opening);
    this.#opening = undefined;
    this.#source?.close();
    this.#source = null;
  }

  #pass(source: StreamSource, event: Event): void {
    if (source !== this.#source) return;
    const { data = null, lastEventId = '' }: { data?: string | null; lastEventId?: string } =
      event instanceof MessageEvent ? event : {};
    this.#lastEventId = Math.max(this.#lastEventId, Number(lastEventId) || 0);
    const told = { type: event.type, data, lastEventId, readyState: source.readyState };
    // What has ended is not to be opened again by the browser; the readers do that, after a pause.
    if (event.type === 'return' || source.readyState === source.CLOSED) this.#close();
    for (const reader of this.#readers) this.#tell(reader, told);
  }
}

/** The address of the same stream, resumed after an event; 0 leaves it as it is. */
export function after(url: string, lastEventId: number): string {
  if (lastEventId === 0) return url;
  const [path = '', query] = url.split('?');
  const params = new URLSearchParams(query);
  const input = JSON.parse(params.get('input') ?? '{}');
  const asked = Number(input.json?.lastEventId ?? 0);
  const json = { ...input.json, lastEventId: String(Math.max(asked, lastEventId)) };
  params.set('input', JSON.stringify({ ...input, json }));
  return `${path}?${params}`;
}
