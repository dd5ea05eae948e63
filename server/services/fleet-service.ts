import { ProblemError, problem } from '../../model/problem.ts';
import { reasonOf } from '../../model/reason.ts';
import type { Fleet as FleetService } from '../api/context.ts';
import { daemonIdentity } from '../hosts/fleet/daemon-identity.ts';
import type { Fleet } from '../hosts/fleet/fleet.ts';
import { poolsWithFreeSpace } from '../hosts/pools/storage-pools.ts';
import { type Connection, connect, LibvirtError, parseUri, versionText } from '../libvirt/index.ts';
import type { Store } from '../store/store.ts';

/** How long a host may take to answer when it is tested. */
const TEST_MS = 10_000;

/** The fleet as the API knows it: hosts that people add are kept in the store. */
export function fleetService(fleet: Fleet, store: Store, now: () => number): FleetService {
  const checked = (uri: string) => {
    try {
      parseUri(uri);
    } catch (error) {
      throw new ProblemError('refused', problem('HOST_URI_INVALID', { uri, reason: reasonOf(error) }));
    }
  };
  /** Asks a host something on a connection that is not kept. Throws `HOST_UNREACHABLE`. */
  const asked = async <T>(uri: string, ask: (connection: Connection) => Promise<T>): Promise<T> => {
    checked(uri);
    try {
      const connection = await connect(uri, { signal: AbortSignal.timeout(TEST_MS) });
      return await ask(connection).finally(() => connection.close());
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
      throw new ProblemError('refused', problem('HOST_UNREACHABLE', { uri, reason: error.message }));
    }
  };
  /** A daemon that is reached by two URIs would show every guest twice, and let two operations run on one disk. */
  const hostOfDaemon = async (identity: string) => {
    for (const host of fleet.hosts().filter(({ state }) => state === 'connected')) {
      const { connection } = fleet.supervisor(host.id).source();
      if ((await daemonIdentity(connection)) === identity) return host;
    }
    return null;
  };
  return {
    revision: () => fleet.revision(),
    hosts: () => fleet.hosts(),
    guests: () => fleet.guests(),
    guest: (ref) => fleet.guest(ref),
    async addHost(uri) {
      const known = fleet.hosts().some((one) => one.uri === uri);
      if (known) throw new ProblemError('conflict', problem('HOST_KNOWN', { uri }));
      const same = await hostOfDaemon(await asked(uri, daemonIdentity));
      if (same) throw new ProblemError('conflict', problem('HOST_KNOWN_AS', { uri, name: same.name }));
      const host = fleet.add(uri).host();
      await store.hosts.add({ id: host.id, uri, name: host.name, addedAt: now() });
      return host;
    },
    async removeHost(hostId) {
      await fleet.remove(hostId);
      await store.hosts.remove(hostId);
    },
    testHost: (uri) =>
      asked(uri, async (connection) => {
        const [hostname, libvirt, qemu] = await Promise.all([
          connection.call('CONNECT_GET_HOSTNAME', {}),
          connection.call('CONNECT_GET_LIB_VERSION', {}),
          connection.call('CONNECT_GET_VERSION', {}),
        ]);
        return { hostname, libvirtVersion: versionText(libvirt), qemuVersion: versionText(qemu) };
      }),
    pools: (hostId) => poolsWithFreeSpace(fleet.supervisor(hostId)),
  };
}
