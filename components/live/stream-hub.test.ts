import { beforeEach, expect, test, vi } from 'vitest';
import { StreamHub, type StreamMessage } from './stream-hub.ts';

/** Stands for the browser's, which says nothing by itself here. */
class Source extends EventTarget {
  readonly CLOSED = 2;
  readyState = 0;
  readonly url: string;
  constructor(address: string) {
    super();
    this.url = address;
  }
  close() {
    this.readyState = this.CLOSED;
  }
  say(data: string, lastEventId = '') {
    this.readyState = 1;
    this.dispatchEvent(new MessageEvent('message', { data, lastEventId }));
  }
}

const url = (view: string, lastEventId: string | null = null) =>
  `http://host/api/trpc/events.stream?input=${encodeURIComponent(JSON.stringify({ json: { views: [view], lastEventId } }))}`;

let sources: Source[];
let sent: [string, StreamMessage][];
let hub: StreamHub<string>;

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  sent = [];
  hub = new StreamHub(
    (address) => {
      const source = new Source(address);
      sources.push(source);
      return source;
    },
    (reader, what) => sent.push([reader, what]),
  );
  return () => vi.useRealTimers();
});

const asked = (index: number) =>
  JSON.parse(new URL(sources[index]?.url ?? '').searchParams.get('input') ?? '').json;

test('one connection serves all readers; those that come at once share the opening', () => {
  hub.join('a', url('x'));
  hub.join('b', url('y'));
  hub.join('c', url('z'));
  expect(sources).toHaveLength(1);
  vi.runAllTimers();
  expect(sources).toHaveLength(2);
  expect(sources[0]?.readyState).toBe(2);
  sources[1]?.say('news');
  expect(sent.map(([reader, { data }]) => `${reader} ${data}`)).toEqual(['a news', 'b news', 'c news']);
});

test('a reader that joins later gets a new connection, which continues after the last event that all got and has the views of all', () => {
  hub.join('a', url('x'));
  sources[0]?.say('one', '41');
  hub.join('b', url('y', '7'));
  vi.runAllTimers();
  expect(asked(1)).toEqual({ views: ['y', 'x'], lastEventId: '7' });
  sources[0]?.say('late');
  expect(sent.map(([, { data }]) => data)).toEqual(['one']);
});

test('regression: a tab that was drawn before the last event, and joined after it, never got it', () => {
  hub.join('a', url('x', '40'));
  sources[0]?.say('one', '41');
  hub.join('b', url('y', '40'));
  sources[0]?.say('two', '42');
  vi.runAllTimers();
  expect(asked(1).lastEventId).toBe('40');
  sources[1]?.say('one', '41');
  sources[1]?.say('two', '42');
  hub.join('c', url('z', '50'));
  vi.runAllTimers();
  expect(asked(2).lastEventId).toBe('42');
});

test('a tab that comes alone continues where it is, not where one that left was', () => {
  hub.join('a', url('x', '3'));
  hub.leave('a');
  hub.join('b', url('y', '9'));
  expect(asked(1).lastEventId).toBe('9');
});

test('without readers there is no connection', () => {
  hub.join('a', url('x'));
  hub.join('b', url('x'));
  hub.leave('a');
  hub.leave('b');
  vi.runAllTimers();
  expect(sources.map(({ readyState }) => readyState)).toEqual([2]);
  hub.join('c', url('x'));
  expect(sources).toHaveLength(2);
});

test('readers hear of a loss; a refused stream is opened again when one of them asks', () => {
  hub.join('a', url('x'));
  const [first] = sources;
  if (first) first.readyState = 0;
  first?.dispatchEvent(new Event('error'));
  expect(sent.at(-1)).toEqual(['a', { type: 'error', data: null, lastEventId: '', readyState: 0 }]);
  first?.close();
  first?.dispatchEvent(new Event('error'));
  expect(sent.at(-1)?.[1].readyState).toBe(2);
  expect(sources).toHaveLength(1);
  hub.join('a', url('x'));
  expect(sources).toHaveLength(2);
});

test('an ended stream is closed, so that the browser does not open it by itself', () => {
  hub.join('a', url('x'));
  sources[0]?.dispatchEvent(new MessageEvent('return'));
  expect(sources[0]?.readyState).toBe(2);
  expect(sent.at(-1)?.[1].type).toBe('return');
});

test('a guest that is no longer in view is not asked for again', () => {
  hub.join('a', url('x'));
  hub.join('b', url('y'));
  hub.leave('b');
  hub.join('c', url('x'));
  vi.runAllTimers();
  expect(asked(1)).toEqual({ views: ['x'], lastEventId: null });
});
