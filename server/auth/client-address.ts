import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';

/** Header that says where a request came from. A client's own value is overwritten before anything reads it. */
export const CLIENT_ADDRESS = 'x-backchain-client';

const CHANNEL = 'http.server.request.start';

/**
 * Has every HTTP server of this process write the address of the socket's other end into the request's
 * `CLIENT_ADDRESS` header, since any client can invent an X-Forwarded-For. Behind trusted proxies the header is
 * the forwarded chain with that address at its end, for a reader who knows which of them to believe.
 */
export function stampClientAddresses({ behindProxies }: { behindProxies: boolean }): Disposable {
  const stamp = (message: unknown) => {
    const request = requestIn(message);
    if (request === null) return;
    const peer = request.socket.remoteAddress;
    const forwarded = behindProxies ? request.headers['x-forwarded-for'] : undefined;
    request.headers[CLIENT_ADDRESS] = [forwarded ?? [], peer ?? []].flat().join(', ');
  };
  subscribe(CHANNEL, stamp);
  return { [Symbol.dispose]: () => void unsubscribe(CHANNEL, stamp) };
}

function requestIn(message: unknown): IncomingMessage | null {
  if (typeof message !== 'object' || message === null || !('request' in message)) return null;
  return message.request instanceof IncomingMessage ? message.request : null;
}
