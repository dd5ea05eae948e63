import { dirname, join } from 'node:path';
import type { MigrationRoute } from '../../../model/plans/migrate/migration-facts.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { parseUri } from '../../libvirt/index.ts';
import { localSocket } from '../fleet/local-socket.ts';

/** Bytes of a path in `sockaddr_un`. */
const LONGEST_SOCKET = 107;

/** docs/adr/0010-migration-addresses.md says why. */
export function migrationRoute(source: string, destination: string, uuid: string): MigrationRoute | Problem {
  const here = localSocket(source);
  const there = localSocket(destination);
  if (there === null) return { destinationUri: destination, migrateUri: null };
  if (here === null) return problem('DESTINATION_OUT_OF_REACH', { uri: destination });
  const socket = join(dirname(there), `backchain-${uuid.slice(0, 8)}.sock`);
  if (Buffer.byteLength(socket) > LONGEST_SOCKET) return problem('MIGRATION_SOCKET_LONG', { path: socket });
  const { scope } = parseUri(destination);
  return {
    // With a socket, since the source's daemon would try its own user's folder.
    destinationUri: `qemu+unix:///${scope}?socket=${encodeURIComponent(there)}`,
    migrateUri: `unix://${socket.split('/').map(encodeURIComponent).join('/')}`,
  };
}
