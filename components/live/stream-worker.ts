import { StreamHub } from './stream-hub.ts';

/** What a tab asks of the worker. */
export type Asked = { readonly kind: 'join'; readonly url: string } | { readonly kind: 'leave' };

/** Runs in a worker that all tabs share: their one connection to the event stream. */
const hub = new StreamHub<MessagePort>(
  (url) => new EventSource(url),
  (port, message) => port.postMessage(message),
);

addEventListener('connect', (event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<Asked>) => {
    if (data.kind === 'join') return hub.join(port, data.url);
    hub.leave(port);
    port.close();
  };
});
