import type { Pool } from '../../model/fleet/pool.ts';
import type { AllocationMaps } from './allocation-maps.ts';
import type { Jobs } from './block-jobs.ts';
import type { Definitions } from './definitions.ts';
import type { DependentsFinder } from './dependents.ts';
import type { Destinations } from './destinations.ts';
import type { DiskFlush } from './disk-flush.ts';
import type { DiskJobs } from './disk-jobs.ts';
import type { FreshGuests } from './fresh-guests.ts';
import type { Guests } from './guests.ts';
import type { Headers } from './headers.ts';
import type { History } from './history.ts';
import type { Hosts } from './hosts.ts';
import type { ImageIdentities } from './image-identities.ts';
import type { ImageSpace } from './image-space.ts';
import type { LeftoversPort } from './leftovers.ts';
import type { Migrations } from './migrations.ts';
import type { Overlays } from './overlays.ts';
import type { PausedStarts } from './paused-starts.ts';
import type { Snapshots } from './snapshots.ts';

/** What operations need of the world. `assembly.ts` fills it. */
export interface Ports {
  readonly freshGuests: FreshGuests;
  readonly diskJobs: DiskJobs;
  readonly diskFlush: DiskFlush;
  readonly imageSpace: ImageSpace;
  readonly allocationMaps: AllocationMaps;
  readonly hosts: Hosts;
  readonly migration: MigrationPorts;
  readonly snapshots: Snapshots;
  readonly pausedStarts: PausedStarts;
  readonly destinations: Destinations;
  readonly jobs: Jobs;
  readonly dependents: DependentsFinder;
  readonly leftovers: LeftoversPort;
  readonly definitions: Definitions;
  readonly headers: Headers;
  readonly guests: Guests;
  readonly history: History;
}

/** What only a migration needs. */
export interface MigrationPorts {
  readonly migrations: Migrations;
  readonly overlays: Overlays;
  readonly images: ImageIdentities;
  pools(hostId: string): Promise<readonly Pool[]>;
}
