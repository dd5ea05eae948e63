import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Connection, connect, type ProcedureName } from '../../server/libvirt/index.ts';
import { type Dashboard, type DashboardOptions, openDashboard } from './dashboard.ts';
import { type FaultPoint, interrupted } from './fault-point.ts';
import { folder } from './rig.ts';

/** A moment of an operation: at an entry of its journal, or at the first call of a kind, before, while or after it is made. */
export type Moment =
  | FaultPoint
  | { readonly call: ProcedureName; readonly when: 'before' | 'within' | 'after' };

/** What happens at a moment, once. */
export type Happening = readonly [Moment, () => Promise<void>];

/** A dashboard in whose operation these things happen. */
export async function interruptedAt(
  happenings: readonly Happening[],
  uris: DashboardOptions['uris'],
): Promise<Dashboard> {
  const { path } = await folder();
  const due = happenings.map(([moment, happens]) => [moment, once(happens)] as const);
  const parts = await openDashboard({
    uris,
    database: join(path, 'db.sqlite'),
    journalOf: (journal) =>
      due.reduce(
        (before, [moment, happens]) =>
          typeof moment === 'string' ? interrupted(before, moment, happens) : before,
        journal,
      ),
    connectTo: async (uri, options) => {
      const connection = await connect(uri, options);
      for (const [moment, happens] of due) {
        if (typeof moment !== 'string') interruptCalls(connection, moment, happens);
      }
      return connection;
    },
  });
  onTestFinished(parts.stop);
  return parts;
}

function once(happens: () => Promise<void>): () => Promise<void> {
  let due = true;
  return async () => {
    if (!due) return;
    due = false;
    await happens();
  };
}

function interruptCalls(
  connection: Connection,
  { call, when }: Exclude<Moment, string>,
  happens: () => Promise<void>,
): void {
  for (const method of ['call', 'long'] as const) {
    const made = connection[method].bind(connection);
    connection[method] = async (name, args, how) => {
      if (name !== call) return made(name, args, how);
      if (when === 'before') await happens();
      const reply = made(name, args, how);
      if (when === 'after') await reply;
      // Who asked hears of it below.
      reply.catch(() => undefined);
      if (when !== 'before') await happens();
      return reply;
    };
  }
}
