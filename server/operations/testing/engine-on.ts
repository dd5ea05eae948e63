import { vi } from 'vitest';
import type { DiskRef } from '../../../model/fleet/disk.ts';
import type { Operation } from '../../../model/operation/operation.ts';
import { FACTS, flattenTo } from '../../../model/testing.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { JobEnding } from '../../ports/job-end.ts';
import type { Ports } from '../../ports/ports.ts';
import { Engine, type EngineParts } from '../engine.ts';
import { driverOf } from '../kinds.ts';
import { Planner } from '../planner.ts';
import { FakeHost, LostError, portsOf } from './fake-host.ts';
import { MemoryJournal } from './memory-journal.ts';
import { UNREACHED } from './unreached.ts';

/** The disk of guest `0`. */
export const REF: DiskRef = { hostId: 'alpha', uuid: '0', target: 'vda' };

/** An engine on a fake host with guests `0`, `1`, `2` and so on. */
export function engineOn(host = new FakeHost(), journal = new MemoryJournal()) {
  const hosts: Hosts = {
    host: (id) => ({
      id,
      uri: FACTS.uri,
      name: id,
      state: host.lost ? 'lost' : 'connected',
      problem: null,
      local: true,
      libvirtVersion: null,
      qemuVersion: null,
      capabilities: host.capabilities,
    }),
    guestsOf: () => [],
    usersOf: () => new Map(),
    isLost: (error) => error instanceof LostError,
  };
  const ports: Ports = { ...UNREACHED, ...portsOf(host), hosts };
  const planner = new Planner(ports);
  const broken: unknown[] = [];
  const parts: EngineParts = {
    planner,
    jobsPerHost: 2,
    journal,
    driver: (plan, step) => driverOf(ports, plan, step),
    hosts,
    clock: Date.now,
    changed: () => {},
    progressed: () => {},
    broke: (_operation, error) => broken.push(error),
  };
  const engine = new Engine(parts);
  const refs = Array.from({ length: 5 }, (_, i) => ({ hostId: 'alpha', uuid: String(i), target: 'vda' }));
  for (const ref of refs) host.add(ref);
  return {
    engine,
    host,
    journal,
    broken,
    parts,
    refs,
    async start(ref: DiskRef, bandwidth = 0): Promise<string> {
      const guest = { hostId: ref.hostId, uuid: ref.uuid };
      const intent = { ...flattenTo('/base'), target: ref.target };
      const { fingerprint } = await planner.preview(guest, intent);
      return (await engine.start({ guest, intent, fingerprint, bandwidth, actor: 'a' })).id;
    },
    reached: (id: string, state: Operation['state']) =>
      vi.waitFor(() => {
        if (journal.operation(id).state !== state) throw new Error(`It is ${journal.operation(id).state}`);
      }),
    runs: (ref: DiskRef) =>
      vi.waitFor(() => {
        if (!host.running().includes(ref.uuid)) throw new Error('No job runs');
      }),
    /** The job ends, and libvirt reports that. */
    end(ref: DiskRef, status: JobEnding, reason: string | null = null): void {
      host.end(ref, status);
      engine.jobEnded({ ...ref, status, reason });
    },
  };
}
