import type { ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return address.port;
}

/** Resolves when somebody listens on a port; rejects with the child's output if it ends before. */
export async function listening(port: number, child?: ChildProcess): Promise<void> {
  let output = '';
  child?.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  while (!(await answers(port))) {
    if (child?.exitCode !== undefined && child.exitCode !== null)
      throw new Error(`it did not start: ${output}`);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true)));
    socket.once('error', () => setTimeout(resolve, 20, false));
  });
}
