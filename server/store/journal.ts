import type { GuestRef } from '../../model/fleet/disk.ts';
import {
  applied,
  type JournalEntry,
  type JournalEvent,
  type Operation,
  type OperationFacets,
} from '../../model/operation/operation.ts';
import type { OperationFilter } from '../../model/operation/operation-filter.ts';
import type { Journal } from '../ports/journal.ts';
import type { Db } from './schema.ts';

/**
 * The journal in the database. The `operation` table is the fold of the entries (`applied`), written in the same transaction,
 * so that a list costs one query.
 */
export interface StoredJournal extends Journal {
  /** The operations that have entries after the one with this id, each with the id of its newest; in the order of these ids. */
  changedSince(id: number): Promise<readonly { readonly newest: number; readonly operation: Operation }[]>;
  /** Id of the newest entry, 0 for an empty journal. */
  newest(): Promise<number>;
  operation(id: string): Promise<Operation | null>;
  /** Newest first. */
  list(filter: OperationFilter): Promise<readonly Operation[]>;
  /** The operations of a guest whose plans name snapshots that they keep. */
  keeping(guest: GuestRef): Promise<readonly Operation[]>;
  /** The guests, hosts and people of all operations, sorted by name. */
  facets(): Promise<OperationFacets>;
}

export function createJournal(db: Db): StoredJournal {
  return {
    append: (operationId, events, at) =>
      db.transaction().execute(async (transaction) => {
        const entries: JournalEntry[] = [];
        for (const event of events) entries.push(await appendOne(transaction, operationId, event, at));
        return entries;
      }),

    async entries(operationId) {
      const rows = await db
        .selectFrom('journal')
        .selectAll()
        .where('operation_id', '=', operationId)
        .orderBy('id')
        .execute();
      return rows.map(entryOf);
    },

    async changedSince(id) {
      const rows = await db
        .selectFrom('journal')
        .innerJoin('operation', 'operation.id', 'journal.operation_id')
        .select(({ fn }) => ['operation.body', fn.max('journal.id').as('newest')])
        .where('journal.id', '>', id)
        .groupBy('operation.id')
        .orderBy('newest')
        .execute();
      return rows.map(({ body, newest }) => ({ newest, operation: operationOf({ body }) }));
    },

    async newest() {
      const row = await db
        .selectFrom('journal')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirstOrThrow();
      return row.id ?? 0;
    },

    operation: (id) => read(db, id),

    async unfinished() {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('ended_at', 'is', null)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(operationOf);
    },

    async list({ hostId, uuid, state, actor, over, before, limit }) {
      let query = db.selectFrom('operation').select('body');
      if (hostId !== undefined) query = query.where('host_id', '=', hostId);
      if (uuid !== undefined) query = query.where('guest_uuid', '=', uuid);
      if (state !== undefined) query = query.where('state', '=', state);
      if (actor !== undefined) query = query.where('actor', '=', actor);
      if (over !== undefined) query = query.where('ended_at', over ? 'is not' : 'is', null);
      if (before !== undefined) {
        query = query.where(({ and, or, eb }) =>
          or([
            eb('created_at', '<', before.createdAt),
            and([eb('created_at', '=', before.createdAt), eb('id', '<', before.id)]),
          ]),
        );
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(operationOf);
    },

    async keeping({ hostId, uuid }) {
      const rows = await db
        .selectFrom('operation')
        .select('body')
        .where('host_id', '=', hostId)
        .where('guest_uuid', '=', uuid)
        // Most have none, and bodies are long to parse.
        .where('body', 'like', '%"kept":%')
        .execute();
      return rows.map(operationOf);
    },

    async facets() {
      const of = (column: 'host_id' | 'actor') =>
        db.selectFrom('operation').select(column).distinct().orderBy(column).execute();
      const [guests, hosts, actors] = await Promise.all([
        db
          .selectFrom('operation')
          .select(({ fn }) => ['guest_uuid as uuid', fn.max('guest_name').as('name')])
          .where('guest_uuid', '!=', '')
          .groupBy('guest_uuid')
          .orderBy('name')
          .execute(),
        of('host_id'),
        of('actor'),
      ]);
      return {
        guests: guests.map(({ uuid, name }) => ({ uuid, name })),
        hostIds: hosts.flatMap((row) => ('host_id' in row ? [row.host_id] : [])),
        actors: actors.flatMap((row) => ('actor' in row ? [row.actor] : [])),
      };
    },
  };
}

async function appendOne(
  db: Db,
  operationId: string,
  event: JournalEvent,
  at: number,
): Promise<JournalEntry> {
  if (event.kind === 'created') await begin(db, operationId, event.operation);
  const row = await db
    .insertInto('journal')
    .values({ operation_id: operationId, at, event: JSON.stringify(event) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const entry = { id: row.id, operationId, at, event };
  if (event.kind !== 'created') await advance(db, entry);
  return entry;
}

async function begin(db: Db, id: string, operation: Operation): Promise<void> {
  if (operation.id !== id) throw new Error(`Operation ${operation.id} can't begin as ${id}`);
  await db
    .insertInto('operation')
    .values({
      id,
      host_id: operation.plan.hostId,
      guest_uuid: operation.plan.guest?.uuid ?? '',
      target: operation.plan.disks.map(({ target }) => target).join(','),
      guest_name: operation.plan.guestName ?? '',
      actor: operation.actor,
      created_at: operation.createdAt,
      ...changing(operation),
    })
    .execute();
}

async function advance(db: Db, entry: JournalEntry): Promise<void> {
  const operation = applied(await read(db, entry.operationId), entry);
  await db.updateTable('operation').set(changing(operation)).where('id', '=', operation.id).execute();
}

async function read(db: Db, id: string): Promise<Operation | null> {
  const row = await db.selectFrom('operation').select('body').where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : operationOf(row);
}

function changing(operation: Operation): { state: string; ended_at: number | null; body: string } {
  return { state: operation.state, ended_at: operation.endedAt, body: JSON.stringify(operation) };
}

// Only this file writes these columns, so a value has the shape that this release or an earlier one wrote.
function operationOf(row: { body: string }): Operation {
  return broughtUp(JSON.parse(row.body));
}

/** Plans of the first releases were all about a guest, and named its host nowhere else. */
function broughtUp(operation: Operation): Operation {
  const { plan } = operation;
  return { ...operation, plan: { ...plan, hostId: plan.hostId ?? plan.guest?.hostId } };
}

function entryOf(row: { id: number; operation_id: string; at: number; event: string }): JournalEntry {
  const event: JournalEvent = JSON.parse(row.event);
  return {
    id: row.id,
    operationId: row.operation_id,
    at: row.at,
    event: event.kind === 'created' ? { ...event, operation: broughtUp(event.operation) } : event,
  };
}
