import { ProblemError, problem } from '../model/problem.ts';
import type { Fleet as FleetService } from './api/context.ts';
import type { Fleet } from './hosts/fleet.ts';
import type { GuestDisks } from './hosts/guest-disks.ts';
import { connect, LibvirtError, parseUri, versionText } from './libvirt/index.ts';
import type { Store } from './store/store.ts';

/** How long a host may take to answer when it is tried once. */
const TEST_MS = 10_000;

/** The fleet as the API knows it: hosts that people add are kept in the store. */
export function fleetService(fleet: Fleet, disks: GuestDisks, store: Store, now: () => number): FleetService {
  const checked = (uri: string) => {
    try {
      parseUri(uri);
    } catch (error) {
      throw new ProblemError('refused', problem('HOST_URI_INVALID', { uri, reason: reasonOf(error) }));
    }
  };
  return {
    revision: () => fleet.revision(),
    hosts: () => fleet.hosts(),
    guests: () => fleet.guests(),
    guest: (ref) => fleet.guest(ref),
    async addHost(uri) {
      checked(uri);
      if (fleet.hosts().some((host) => host.uri === uri)) {
        throw new ProblemError('conflict', problem('HOST_KNOWN', { uri }));
      }
      const host = fleet.add(uri).host();
      await store.hosts.add({ id: host.id, uri, name: host.name, addedAt: now() });
      return host;
    },
    async removeHost(hostId) {
      await fleet.remove(hostId);
      await store.hosts.remove(hostId);
    },
    async testHost(uri) {
      checked(uri);
      try {
        const connection = await connect(uri, { signal: AbortSignal.timeout(TEST_MS) });
        try {
          const [hostname, libvirt, qemu] = await Promise.all([
            connection.call('CONNECT_GET_HOSTNAME', {}),
            connection.call('CONNECT_GET_LIB_VERSION', {}),
            connection.call('CONNECT_GET_VERSION', {}),
          ]);
          return { hostname, libvirtVersion: versionText(libvirt), qemuVersion: versionText(qemu) };
        } finally {
          await connection.close();
        }
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        throw new ProblemError('failed', problem('HOST_UNREACHABLE', { uri, reason: error.message }));
      }
    },
    async forgetRecord(guest, name) {
      try {
        await disks.forgetRecord(guest, name);
      } catch (error) {
        if (!(error instanceof LibvirtError)) throw error;
        throw new ProblemError('failed', problem('FORGET_FAILED', { name, reason: error.message }));
      }
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
