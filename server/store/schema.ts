import type { Generated, Kysely } from 'kysely';

/** The tables as they are after the last of `migrations.ts`. Times are milliseconds since 1970 unless a column says otherwise. */
export interface Schema {
  operation: OperationTable;
  journal: JournalTable;
  host: HostTable;
  kept_image: KeptImageTable;
  sign_in_link: SignInLinkTable;
  user: UserTable;
  session: SessionTable;
}

export type Db = Kysely<Schema>;

/** The fold of the journal, one row per operation, written in the transaction that appends an entry. */
interface OperationTable {
  id: string;
  host_id: string;
  /** Empty for an operation without a guest, as is its name. */
  guest_uuid: string;
  /** The targets of the disks that it changes, joined by commas. */
  target: string;
  guest_name: string;
  actor: string;
  state: string;
  created_at: number;
  ended_at: number | null;
  /** The `Operation` as JSON. */
  body: string;
}

/** Append-only: the schema refuses to change or remove a row. */
interface JournalTable {
  id: Generated<number>;
  operation_id: string;
  at: number;
  /** The `JournalEvent` as JSON. */
  event: string;
}

interface HostTable {
  id: string;
  uri: string;
  name: string;
  added_at: number;
}

/** Images that somebody keeps although nothing refers to them. */
interface KeptImageTable {
  host_id: string;
  path: string;
  actor: string;
  at: number;
}

interface SignInLinkTable {
  /** SHA-256 of the token in hexadecimal; the token itself is not stored. */
  token_hash: string;
  user_id: string;
  expires_at: number;
  used_at: number | null;
}

/** better-auth's tables, as far as we read them ourselves. It writes times as ISO 8601 texts. */
interface UserTable {
  id: string;
  username: string | null;
  role: string | null;
  createdAt: string;
}

interface SessionTable {
  id: string;
  createdAt: string;
}
