import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openStore } from './store.ts';
import { operationCalled } from './testing.ts';

// Appends to the journal of the database in its argument until it is killed, and prints the id of each entry on disk.
const { journal } = await openStore(process.argv[2] ?? '');
for (;;) {
  const id = randomUUID();
  const entries = await journal.append(id, [{ kind: 'created', operation: operationCalled(id) }], Date.now());
  for (const entry of entries) writeSync(1, `${entry.id}\n`);
}
