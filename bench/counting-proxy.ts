import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { FrameReader, MessageType } from '../server/libvirt/frame.ts';
import { Program, procedures } from '../server/libvirt/procedures.ts';
import type { Bench } from './row.ts';

export interface CountedCall {
  /** libvirt's name of the procedure, or its numbers where this client has no name for it. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const NAMES = new Map(
  Object.entries(procedures).map(([name, { program, number }]) => [`${program}/${number}`, name]),
);

/**
 * Listens on a unix socket, hands all bytes on to a libvirt daemon and back, and notes every call in the returned
 * list. Keepalive is no call: both sides send it unasked.
 */
export async function countCalls(
  { stack }: Bench,
  daemon: string,
  at: string,
): Promise<readonly CountedCall[]> {
  const calls: CountedCall[] = [];
  const open = new Set<() => void>();
  const server = createServer((client) => {
    const upstream = connect(daemon);
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(end);
    };
    open.add(end);
    const frames = new FrameReader();
    client.on('data', (chunk) => {
      for (const { program, procedure, type } of frames.push(chunk)) {
        if (program === Program.KEEPALIVE || type !== MessageType.CALL) continue;
        const key = `${program}/${procedure}`;
        calls.push({ name: NAMES.get(key) ?? key, at: Date.now() });
      }
    });
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  server.listen(at);
  await once(server, 'listening');
  stack.defer(() => {
    for (const end of open) end();
    server.close();
  });
  return calls;
}
