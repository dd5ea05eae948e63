import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** As in the server, an error that nobody handles is logged. It writes and ends on request. */
const PROGRAM = `
import { surviveUnreadLog } from ${JSON.stringify(join(import.meta.dirname, 'unread-log.ts'))};
let unhandled = 0;
process.on('uncaughtException', (error) => {
  unhandled += 1;
  if (unhandled > 100) process.exit(3);
  console.error(error);
});
surviveUnreadLog();
process.send('ready');
process.once('message', async () => {
  for (const stream of [process.stderr, process.stdout]) {
    const { promise, resolve } = Promise.withResolvers();
    stream.write('a word that nobody reads', resolve);
    await promise;
  }
  setImmediate(() => process.exit(unhandled === 0 ? 0 : 2));
});
`;

test('regression: a server whose log nobody read any more only logged that it could not write its log', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  await once(child, 'message');
  for (const stream of [child.stdout, child.stderr]) {
    stream?.destroy();
    if (stream) await once(stream, 'close');
  }
  child.send('write');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
