import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './row.ts';

/** Stands between a browser and the dashboard, and counts the script that passes. */
export interface ScriptMeter {
  readonly origin: string;
  /** Bytes of response bodies as transferred, compressed, once none has been asked for in half a second. */
  settled(): Promise<number>;
}

const QUIET_MS = 500;

/** It sees what a page's own tools do not: the script of workers. */
export async function meterScript({ stack }: Bench, dashboard: string): Promise<ScriptMeter> {
  const { hostname, port, host } = new URL(dashboard);
  let bytes = 0;
  let responses = 0;
  let underWay = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      if (/javascript/.test(answer.headers['content-type'] ?? '')) {
        responses++;
        underWay++;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        answer.on('close', () => underWay--);
      }
      answer.pipe(outgoing);
    });
    // Whoever was cut off says so by itself: the browser shows no page, the row fails.
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The script meter has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async settled() {
      let seen = -1;
      while (seen !== responses || underWay > 0) {
        seen = responses;
        await delay(QUIET_MS);
      }
      return bytes;
    },
  };
}
