import type { AllocationMaps } from './allocation-maps.ts';
import type { DiskFlush } from './disk-flush.ts';
import type { DiskJobs } from './disk-jobs.ts';
import type { FreshGuests } from './fresh-guests.ts';
import type { ImageSpace } from './image-space.ts';

/** All that is read of the disks of guests, and done to them, for a pull. */
export interface Disks extends FreshGuests, DiskJobs, DiskFlush, ImageSpace, AllocationMaps {}
