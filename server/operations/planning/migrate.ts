import { keys } from '../../../model/fleet/chain.ts';
import { folderOf } from '../../../model/fleet/destination.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { SharedImage } from '../../../model/fleet/guest-location.ts';
import { imagePath } from '../../../model/fleet/image.ts';
import type { Pool } from '../../../model/fleet/pool.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import { planMigration } from '../../../model/plans/migrate/migrate.ts';
import type { MigrateIntent } from '../../../model/plans/migrate/migrate-intent.ts';
import type { DiskThere, MigrationFacts } from '../../../model/plans/migrate/migration-facts.ts';
import { movesStorage } from '../../../model/plans/migrate/moved-disk.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import type { Ports } from '../../ports/ports.ts';

/** So many names are tried for a new image before its path counts as taken. */
const MOST_NAMES = 100;

/** Plans a migration from what both hosts have now. Throws `HOST_UNKNOWN`. */
export async function migrationPlan(ports: Ports, guest: Guest, intent: MigrateIntent): Promise<Plan> {
  return planMigration(guest, intent, await survey(ports, guest, intent));
}

async function survey(ports: Ports, guest: Guest, intent: MigrateIntent): Promise<MigrationFacts> {
  const { allocationMaps, hosts, migration } = ports;
  const source = hosts.host(guest.hostId);
  const destination = hosts.host(intent.to);
  if (source === null || destination === null) {
    throw new ProblemError('not-found', problem('HOST_UNKNOWN', { id: intent.to }));
  }
  const { migrations } = migration;
  const route = migrations.route(guest, intent.to);
  const nothing: MigrationFacts = {
    source,
    destination,
    route,
    cpu: null,
    namesake: null,
    disks: new Map(),
    kept: new Map(),
    users: hosts.usersOf(guest.hostId),
    maps: new Map(),
  };
  // The destination can't be read, and the plan is refused anyway.
  if (source.id === destination.id || destination.state !== 'connected') return nothing;
  const facts = new Survey(ports, guest, intent, await migration.pools(intent.to));
  const images = guest.disks.flatMap(({ chain }) => chain?.images ?? []);
  const [cpu, moved, kept, maps] = await Promise.all([
    migrations.cpuProblem(guest, intent.to),
    facts.moved(),
    facts.kept(),
    intent.pull ? allocationMaps.mapsOf(guest, images) : new Map(),
  ]);
  const same = ({ uuid, name }: Guest) => uuid === guest.uuid || name === guest.name;
  const namesake = hosts.guestsOf(intent.to).find(same) ?? null;
  return { ...nothing, cpu, namesake, disks: moved, kept, maps };
}

class Survey {
  readonly #ports: Ports;
  readonly #guest: Guest;
  readonly #intent: MigrateIntent;
  readonly #pools: readonly Pool[];

  constructor(ports: Ports, guest: Guest, intent: MigrateIntent, pools: readonly Pool[]) {
    this.#ports = ports;
    this.#guest = guest;
    this.#intent = intent;
    this.#pools = pools.filter(({ running }) => running);
  }

  async moved(): Promise<ReadonlyMap<string, DiskThere>> {
    const moved = await Promise.all(
      this.#guest.disks.filter(movesStorage).map(async (disk) => ({ disk, there: await this.#disk(disk) })),
    );
    return new Map(moved.flatMap(({ disk, there }) => (there === null ? [] : [[disk.target, there]])));
  }

  async kept(): Promise<ReadonlyMap<string, readonly SharedImage[]>> {
    const kept = this.#guest.disks.filter((disk) => !movesStorage(disk) && disk.chain !== null);
    const compared = kept.map(async (disk) => [disk.target, await this.#compared(disk)] as const);
    return new Map(await Promise.all(compared));
  }

  async #disk(disk: Disk): Promise<DiskThere | null> {
    const wanted = this.#intent.disks.find(({ target }) => target === disk.target);
    const file = wanted?.file ?? (await this.#proposed(disk.target));
    const active = disk.chain?.images[0];
    const from = wanted?.from ?? (active && imagePath(active));
    if (file === null || from == null) return null;
    const pool = this.#pools.find(({ path }) => path === folderOf(file))?.name ?? null;
    const [fileSystem, images] = await Promise.all([
      this.#ports.destinations.inspect(this.#intent.to, file),
      this.#compared(disk, from),
    ]);
    return { file, from, fileSystem, pool, images };
  }

  /** A free path in the folder of the first pool; `null` where there is none. */
  async #proposed(target: string): Promise<string | null> {
    const [pool] = this.#pools;
    if (pool === undefined) return null;
    const stem = `${pool.path}/${this.#guest.name}-${target}`;
    for (let i = 1; i < MOST_NAMES; i++) {
      const file = `${stem}${i === 1 ? '' : `-${i}`}.qcow2`;
      const { at } = await this.#ports.destinations.inspect(this.#intent.to, file);
      if (at === 'nothing' || at === 'unknown') return file;
    }
    return `${stem}.qcow2`;
  }

  #compared({ chain }: Disk, from?: string): Promise<readonly SharedImage[]> {
    const here = chain === null ? [] : keys(chain);
    const [active] = chain?.images ?? [];
    return this.#ports.migration.images.compare(this.#guest.hostId, this.#intent.to, here, {
      path: from ?? here[0] ?? '',
      format: active?.format ?? 'raw',
    });
  }
}
