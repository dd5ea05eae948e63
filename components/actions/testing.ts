import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { Host } from '../../model/fleet/host.ts';

/** A host that is connected, for tests. */
export function hostAt(id: string, changes: Partial<Host> = {}): Host {
  return {
    id,
    uri: 'qemu:///system',
    name: id,
    state: 'connected',
    problem: null,
    local: true,
    libvirtVersion: null,
    qemuVersion: null,
    capabilities: UNKNOWN_CAPABILITIES,
    ...changes,
  };
}
