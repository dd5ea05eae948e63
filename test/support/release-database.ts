import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type JournalEvent, OPERATION_STATES } from '../../model/operation/operation.ts';
import { createAuth } from '../../server/auth/auth.ts';
import { openStore } from '../../server/store/store.ts';
import { eventsOf, missingKinds } from './release-journal.ts';
import { releasePlans } from './release-plans.ts';

// node test/support/release-database.ts VERSION: makes the database that a release leaves to the next ones, in
// test/fixtures. It has operations of every kind, in every state, and people, hosts and kept images. All names are made up.

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Name the version, such as 0.2.0');
const file = join(import.meta.dirname, '../fixtures', `${version}.db`);
if (existsSync(file)) throw new Error(`${file} exists. What a release wrote is not written again.`);

const BEGIN = Date.UTC(2026, 10, 30, 12);
const MINUTE = 60_000;

const store = await openStore(file);
const written: JournalEvent[] = [];
let number = 0;
for (const [i, plan] of releasePlans().entries()) {
  // Each kind succeeded once and is in one other state; the flatten, which comes first, is in all.
  const others = OPERATION_STATES.filter((state) => state !== 'succeeded');
  const states = i === 0 ? others : others.slice(i % others.length).slice(0, 1);
  for (const state of ['succeeded', ...states] as const) {
    number += 1;
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const at = BEGIN + number * MINUTE;
    const events = eventsOf(plan, state, id, at);
    written.push(...events);
    for (const [second, event] of events.entries())
      await store.journal.append(id, [event], at + 1000 * second);
  }
}
const missing = missingKinds(written);
if (missing.length > 0) throw new Error(`No operation has an entry ${missing.join(', ')}`);

await store.hosts.add({ id: 'beta', uri: 'qemu+ssh://beta/system', name: 'beta', addedAt: BEGIN });
await store.kept.keep({ hostId: 'alpha', path: '/vm/template.qcow2', actor: 'ada', at: BEGIN });
const origins = { base: 'http://127.0.0.1:3000', all: ['http://127.0.0.1:3000'] };
// Creates the administrator, without a password. The link is for nobody: its hash has expired before it is committed.
await createAuth({ db: store.db, origins, secret: '0'.repeat(32), now: () => BEGIN }).firstLink();
await store.close();

// One file, without a log beside it.
const database = new DatabaseSync(file);
database.exec('pragma journal_mode = delete; vacuum');
database.close();
console.log(`${file}: ${number} operations, ${written.length} entries`);
