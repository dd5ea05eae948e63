import { until } from '../../../lab/process.ts';
import { type DiskRef, diskOf, type Guest } from '../../../model/guest.ts';
import type { Operation, Progress } from '../../../model/operation.ts';
import { ProblemError } from '../../../model/problem.ts';
import { Fleet, type FleetEvent } from '../../hosts/fleet.ts';
import { GuestDisks } from '../../hosts/guest-disks.ts';
import { connect, isConnectionLost } from '../../libvirt/index.ts';
import { Engine } from '../../operations/engine.ts';
import { Planner } from '../../operations/planner.ts';
import type { Hosts } from '../../operations/ports.ts';
import { openStore, type Store } from '../../store/store.ts';

/** A guest of the lab, as far as a dashboard is asked for it. */
type Named = { readonly uuid: string; readonly name: string };

/** The server's parts as the runtime puts them together, without sign-in and browsers, and with what tests ask. */
export interface Dashboard {
  readonly fleet: Fleet;
  readonly disks: GuestDisks;
  readonly planner: Planner;
  readonly engine: Engine;
  readonly store: Store;
  /** What was said of the fleet, of operations and of progress, in order. */
  readonly events: FleetEvent[];
  readonly operations: Operation[];
  readonly progress: Progress[];
  /** What nobody foresaw; a test that does not expect it looks here. */
  readonly broken: unknown[];
  readonly warnings: unknown[];
  readonly hostId: string;
  diskOf(guest: Named, target?: string): DiskRef;
  guest(guest: Named): Guest;
  /** Keys of a disk's images as the inventory has them, from active to base. */
  chain(guest: Named, target?: string): string[];
  /** Plans toward the image at this position (`null` for none) and starts. */
  flatten(guest: Named, toward: number | null, options?: FlattenOptions): Promise<Operation>;
  operation(id: string): Promise<Operation>;
  /** Resolves when the operation is in one of these states. */
  reached(id: string, ...states: Operation['state'][]): Promise<Operation>;
  /** Resolves when QEMU's job was sampled for the operation. */
  sampled(id: string): Promise<Progress>;
  stop(): Promise<void>;
}

export interface FlattenOptions {
  readonly target?: string;
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth?: number;
}

/** Opens a dashboard on one host; resolves when the host is connected and unfinished operations are taken up. */
export async function openDashboard(
  uri: string,
  database: string,
  disksOf = (fleet: Fleet) => new GuestDisks(fleet),
  connectTo = connect,
): Promise<Dashboard> {
  const store = await openStore(database);
  const events: FleetEvent[] = [];
  const operations: Operation[] = [];
  const progress: Progress[] = [];
  const broken: unknown[] = [];
  const warnings: unknown[] = [];
  const fleet = new Fleet(connectTo, (message, error) => warnings.push([message, error]));
  const disks = disksOf(fleet);
  const hosts: Hosts = {
    host: (id) => fleet.hosts().find((host) => host.id === id) ?? null,
    usersOf: (id) => fleet.usersOf(id),
    isLost: (error) =>
      isConnectionLost(error) || (error instanceof ProblemError && error.problem.code === 'NOT_CONNECTED'),
  };
  const planner = new Planner(disks, hosts);
  const engine = new Engine({
    planner,
    journal: store.journal,
    disks,
    hosts,
    clock: Date.now,
    changed: (operation) => operations.push(operation),
    progressed: (sample) => progress.push(sample),
    broke: (_operation, error) => broken.push(error),
  });
  const quiet = fleet.listen((event) => {
    events.push(event);
    if (event.kind === 'job-end') engine.jobEnded(event.end, event.end.status);
    if (event.kind === 'host') engine.hostChanged(event.host.id);
    if (event.kind === 'guest') engine.guestChanged(event.guest);
    if (event.kind === 'guest-gone') engine.hostChanged(event.guest.hostId);
  });
  const hostId = fleet.add(uri).host().id;
  await engine.resume();
  await until('the host', async () => fleet.hosts()[0]?.state === 'connected', 30);

  const refOf = (guest: Named, target = 'vda') => ({ hostId, uuid: guest.uuid, target });
  const known = (guest: Named) => {
    const found = fleet.guest({ hostId, uuid: guest.uuid });
    if (found === null) throw new Error(`The fleet does not know ${guest.name}`);
    return found;
  };
  const chain = (guest: Named, target = 'vda') =>
    (diskOf(known(guest), target)?.chain?.images ?? []).map(({ key }) => key);
  const operation = async (id: string) => {
    const found = await store.journal.operation(id);
    if (found === null) throw new Error(`The journal has no operation ${id}`);
    return found;
  };
  return {
    fleet,
    disks,
    planner,
    engine,
    store,
    events,
    operations,
    progress,
    broken,
    warnings,
    hostId,
    diskOf: refOf,
    guest: known,
    chain,
    async flatten(guest, toward, { target = 'vda', bandwidth = 0 } = {}) {
      const disk = refOf(guest, target);
      const base = toward === null ? null : (chain(guest, target)[toward] ?? 'no such image');
      const intent = { kind: 'flatten', base } as const;
      const { fingerprint } = await planner.preview(disk, intent);
      return engine.start({ disk, intent, fingerprint, bandwidth, actor: 'tester' });
    },
    operation,
    async reached(id, ...states) {
      const there = async () => states.includes((await operation(id)).state);
      await until(`operation ${id} to be ${states.join(' or ')}`, there, 60);
      return operation(id);
    },
    async sampled(id) {
      let found: Progress | undefined;
      await until(`progress of ${id}`, async () => {
        found = progress.findLast(({ operationId }) => operationId === id);
        return found !== undefined;
      });
      if (found === undefined) throw new Error(`No progress of ${id}`);
      return found;
    },
    async stop() {
      quiet();
      await engine.stop();
      await fleet.stop();
      await store.close();
    },
  };
}
