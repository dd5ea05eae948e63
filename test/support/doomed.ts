import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { LabGuest } from '../../lab/lab.ts';
import type { Doom } from './child.ts';
import { alpha, dashboardOn, folder } from './rig.ts';

/** A dashboard in a process of its own. */
export function spawnDashboard(doom: Doom) {
  const args = [join(import.meta.dirname, 'child.ts'), JSON.stringify(doom)];
  // So many of them start that what Node compiled is kept: it spares each a third of a second.
  const env = { ...process.env, NODE_COMPILE_CACHE: 'node_modules/.cache/node' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The dashboard that comes after one that died over an operation on this guest, and the id of that operation. */
export async function nextLife(guest: LabGuest, doom: Omit<Doom, 'uris' | 'database' | 'uuid'>) {
  const database = join((await folder()).path, 'db.sqlite');
  const doomed = spawnDashboard({ ...doom, uris: [alpha.uri], database, uuid: guest.uuid });
  const [, signal] = await once(doomed, 'exit');
  expect(signal).toBe('SIGKILL');
  const next = await dashboardOn(database);
  const [operation] = await next.store.journal.list({ limit: 1 });
  return { ...next, id: operation?.id ?? '' };
}
