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
 * revision of now and the guests in view of all are kept fresh. It goes on after the last event that anybody was told.
 */
export class StreamHub<Reader> {
  readonly #connect: (url: string) => StreamSource;
  readonly #tell: (reader: Reader, told: Told) => void;
  /** Each with the address that it asked for. */
  readonly #readers = new Map<Reader, string>();
  #source: StreamSource | null = null;
  #lastEventId = 0;
  #opening: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: (url: string) => StreamSource, tell: (reader: Reader, told: Told) => void) {
    this.#connect = connect;
    this.#tell = tell;
  }

  join(reader: Reader, url: string): void {
    this.#readers.delete(reader);
    this.#readers.set(reader, url);
    if (this.#source === null) this.#open();
    else this.#opening ??= setTimeout(() => this.#open(), TOGETHER);
  }

  leave(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#close();
  }

  #open(): void {
    this.#close();
    const source = this.#connect(joined([...this.#readers.values()], this.#lastEventId));
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
    for (const reader of this.#readers.keys()) this.#tell(reader, told);
  }
}

/** What the server takes at most. */
const MOST_VIEWS = 64;

interface Input {
  readonly json: { readonly views?: readonly unknown[]; readonly lastEventId?: string | null };
}

/** One address for several: all that they view, the newest first, resumed after an event; 0 is none. */
export function joined(urls: readonly string[], lastEventId: number): string {
  const inputs = urls.map(inputOf).reverse();
  const views = new Map(
    inputs.flatMap(({ json }) => json.views ?? []).map((view) => [JSON.stringify(view), view]),
  );
  const newest = Math.max(
    lastEventId,
    ...inputs.slice(0, 1).map(({ json }) => Number(json.lastEventId ?? 0)),
  );
  const json = {
    views: [...views.values()].slice(0, MOST_VIEWS),
    lastEventId: newest === 0 ? (inputs[0]?.json.lastEventId ?? null) : String(newest),
  };
  const [path = ''] = (urls.at(-1) ?? '').split('?');
  return `${path}?${new URLSearchParams({ input: JSON.stringify({ json }) })}`;
}

function inputOf(url: string): Input {
  return JSON.parse(new URLSearchParams(url.split('?')[1]).get('input') ?? '{"json":{}}');
}
