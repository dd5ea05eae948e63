/** An event of a stream, in a form that the worker can send to a tab. */
export interface StreamMessage {
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
 * One event stream for many readers. A reader that joins has it opened again, so that everyone gets the current
 * revision, and the guests in view of all readers are kept fresh. It continues after the last event that all of them got.
 * Some get events twice: a whole state replaces itself, and `detailAfter` drops a journal entry that is there already.
 */
export class StreamHub<Reader> {
  readonly #connect: (url: string) => StreamSource;
  readonly #send: (reader: Reader, message: StreamMessage) => void;
  /** Each with the address that it asked for. */
  readonly #readers = new Map<Reader, string>();
  #source: StreamSource | null = null;
  /** The last event that every reader got; `null` as long as none is known. */
  #since: number | null = null;
  #opening: ReturnType<typeof setTimeout> | undefined;

  constructor(
    connect: (url: string) => StreamSource,
    send: (reader: Reader, message: StreamMessage) => void,
  ) {
    this.#connect = connect;
    this.#send = send;
  }

  join(reader: Reader, url: string): void {
    this.#readers.delete(reader);
    this.#since =
      this.#readers.size === 0 ? (sinceOf(url) ?? this.#since) : earlier(this.#since, sinceOf(url));
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
    const source = this.#connect(joined([...this.#readers.values()], this.#since));
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
    // One that has just joined may have missed what came before this.
    if (lastEventId !== '' && this.#opening === undefined)
      this.#since = Math.max(this.#since ?? 0, Number(lastEventId));
    const message = { type: event.type, data, lastEventId, readyState: source.readyState };
    // What has ended is not to be opened again by the browser; the readers do that, after a pause.
    if (event.type === 'return' || source.readyState === source.CLOSED) this.#close();
    for (const reader of this.#readers.keys()) this.#send(reader, message);
  }
}

/** What the server takes at most. */
const MOST_VIEWS = 64;

interface Input {
  readonly json: { readonly views?: readonly unknown[]; readonly lastEventId?: string | null };
}

/** One address for several: all that they view, the newest first, resumed after an event; `null` is none. */
function joined(urls: readonly string[], since: number | null): string {
  const inputs = urls.map(inputOf).reverse();
  const views = new Map(
    inputs.flatMap((input) => input.json.views ?? []).map((view) => [JSON.stringify(view), view]),
  );
  const json = {
    views: [...views.values()].slice(0, MOST_VIEWS),
    lastEventId: since === null ? null : String(since),
  };
  const [path = ''] = (urls.at(-1) ?? '').split('?');
  return `${path}?${new URLSearchParams({ input: JSON.stringify({ json }) })}`;
}

function sinceOf(url: string): number | null {
  const { lastEventId = null } = inputOf(url).json;
  return lastEventId === null ? null : Number(lastEventId);
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function inputOf(url: string): Input {
  return JSON.parse(new URLSearchParams(url.split('?')[1]).get('input') ?? '{"json":{}}');
}
