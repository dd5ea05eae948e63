import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson, { type SuperJSONResult } from 'superjson';
import type { StreamEvent } from '../model/operation/stream-event.ts';
import type { AppRouter } from '../server/api/router.ts';
import type { Session } from './session.ts';

export type Api = ReturnType<typeof apiOf>;

/** The dashboard's API, called as its pages do. */
export function apiOf({ origin, cookie: { name, value } }: Session) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${origin}/api/trpc`,
        transformer: superjson,
        headers: { Origin: origin, Cookie: `${name}=${value}` },
      }),
    ],
  });
}

/** The stream of a browser tab. Resolves when the server has greeted it; leaving the loop ends it. */
export async function openStream(session: Session): Promise<AsyncGenerator<StreamEvent, void, void>> {
  const { name, value } = session.cookie;
  const input = encodeURIComponent(JSON.stringify(superjson.serialize({ lastEventId: null })));
  const response = await fetch(`${session.origin}/api/trpc/events.stream?input=${input}`, {
    headers: { Cookie: `${name}=${value}`, Accept: 'text/event-stream' },
  });
  if (!response.ok || response.body === null) throw new Error(`The stream answered ${response.status}`);
  const events = eventsOf(response.body);
  const first = await events.next();
  if (first.done || first.value.kind !== 'hello') throw new Error('The stream did not begin with a greeting');
  return events;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const lines = message.split('\n');
      // Named messages are tRPC's own: connected, ping, return.
      if (lines.some((line) => line.startsWith('event:'))) continue;
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length));
      if (data.length === 0) continue;
      const payload: SuperJSONResult = JSON.parse(data.join('\n'));
      yield superjson.deserialize<StreamEvent>(payload);
    }
  }
}
