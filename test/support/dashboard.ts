import { until } from '../../lab/process.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import { diskOf, type Guest } from '../../model/fleet/guest.ts';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { flattenTo } from '../../model/testing.ts';
import { type AssemblyParts, assemble } from '../../server/assembly.ts';
import type { Fleet, FleetEvent } from '../../server/hosts/fleet/fleet.ts';
import type { Engine } from '../../server/operations/engine.ts';
import type { Planner } from '../../server/operations/planner.ts';
import type { Journal } from '../../server/ports/journal.ts';
import type { LeftoversPort } from '../../server/ports/leftovers.ts';
import type { Ports } from '../../server/ports/ports.ts';
import { imageHistory } from '../../server/services/leftover-facts.ts';
import { writeHistoryIn } from '../../server/store/history.ts';
import { openStore, type Store } from '../../server/store/store.ts';

/** A guest of the lab, as far as a dashboard is asked for it. */
type Named = { readonly uuid: string; readonly name: string };

/** The server's parts as the runtime puts them together, without sign-in and browsers, and with what tests ask. */
export interface Dashboard {
  readonly fleet: Fleet;
  readonly ports: Ports;
  readonly planner: Planner;
  readonly engine: Engine;
  readonly leftovers: LeftoversPort;
  readonly store: Store;
  /** What was said of the fleet, of operations and of progress, in order. */
  readonly events: FleetEvent[];
  readonly operations: Operation[];
  readonly progress: Progress[];
  /** Unforeseen errors; a test that expects none checks that this is empty. */
  readonly broken: unknown[];
  readonly warnings: unknown[];
  readonly hostId: string;
  /** Of the hosts after the first. */
  readonly otherHostIds: readonly string[];
  diskOf(guest: Named, target?: string): DiskRef;
  guest(guest: Named): Guest;
  /** Keys of a disk's images as the inventory has them, from active to base. */
  chain(guest: Named, target?: string): string[];
  preview(guest: Named, intent: Intent): Promise<Plan>;
  /** Plans and starts. @param bandwidth bytes per second, 0 for no limit */
  run(guest: Named, intent: Intent, bandwidth?: number): Promise<Operation>;
  /** Plans toward the image at this position (`null` for none) and starts. */
  flatten(guest: Named, toward: number | null, options?: FlattenOptions): Promise<Operation>;
  /** Plans the deletion of leftovers of the first host, and starts it. */
  remove(files: readonly string[]): Promise<Operation>;
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

export interface DashboardOptions extends Pick<AssemblyParts, 'connectTo' | 'reserve'> {
  /** The hosts' connection URIs; guests are expected on the first. */
  readonly uris: readonly [string, ...string[]];
  /** Path of the database. */
  readonly database: string;
  /** Stands between the engine and the journal. */
  readonly journalOf?: (journal: Journal) => Journal;
  progressed?(progress: Progress): void;
}

/** Opens a dashboard; resolves when its hosts are connected and unfinished operations are taken up. */
export async function openDashboard({
  uris,
  database,
  journalOf = (journal) => journal,
  progressed,
  ...settings
}: DashboardOptions): Promise<Dashboard> {
  const store = await openStore(database);
  const events: FleetEvent[] = [];
  const operations: Operation[] = [];
  const progress: Progress[] = [];
  const broken: unknown[] = [];
  const warnings: unknown[] = [];
  const assembly = assemble({
    journal: journalOf(store.journal),
    images: imageHistory(store),
    writes: writeHistoryIn(store.journal),
    clock: Date.now,
    happened: (event) => events.push(event),
    changed: (now) => operations.push(now),
    progressed: (sample) => {
      progress.push(sample);
      progressed?.(sample);
    },
    broke: (_operation, error) => broken.push(error),
    warn: (message, error) => warnings.push([message, error]),
    ...settings,
  });
  const { fleet, ports, planner, engine, leftovers } = assembly;
  const [hostId = '', ...otherHostIds] = uris.map((uri) => fleet.add(uri).host().id);
  await assembly.resume();
  const areConnected = async () => fleet.hosts().every(({ state }) => state === 'connected');
  await until('the hosts', areConnected);

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
  const preview = ({ uuid }: Named, intent: Intent) => planner.preview({ hostId, uuid }, intent);
  const run = async (guest: Named, intent: Intent, bandwidth = 0) => {
    const { fingerprint } = await preview(guest, intent);
    return engine.start({
      guest: { hostId, uuid: guest.uuid },
      intent,
      fingerprint,
      bandwidth,
      actor: 'tester',
    });
  };
  return {
    fleet,
    ports,
    planner,
    engine,
    leftovers,
    store,
    events,
    operations,
    progress,
    broken,
    warnings,
    hostId,
    otherHostIds,
    diskOf: refOf,
    guest: known,
    chain,
    preview,
    run,
    flatten(guest, toward, { target = 'vda', bandwidth = 0 } = {}) {
      const base = toward === null ? null : (chain(guest, target)[toward] ?? 'no such image');
      return run(guest, flattenTo(base, { target }), bandwidth);
    },
    async remove(files) {
      const intent = { kind: 'delete', files } as const;
      const { fingerprint } = await planner.previewOnHost(hostId, intent);
      return engine.start({ hostId, intent, fingerprint, bandwidth: 0, actor: 'tester' });
    },
    operation,
    async reached(id, ...states) {
      const there = async () => states.includes((await operation(id)).state);
      await until(`operation ${id} to be ${states.join(' or ')}`, there);
      return operation(id);
    },
    async sampled(id) {
      let found: Progress | undefined;
      const isThere = async () => {
        found = progress.findLast(({ operationId }) => operationId === id);
        return found !== undefined;
      };
      await until(`progress of ${id}`, isThere);
      if (found === undefined) throw new Error(`No progress of ${id}`);
      return found;
    },
    async stop() {
      await assembly.stop();
      await store.close();
    },
  };
}
