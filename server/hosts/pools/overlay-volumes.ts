import { folderOf } from '../../../model/fleet/destination.ts';
import type { Pool } from '../../../model/fleet/pool.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { type Connection, isOperationInvalid, isStorageVolumeThere } from '../../libvirt/index.ts';
import type { NewOverlay, OverlayState, Overlays } from '../../ports/overlays.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type VolumeInfo, volumeAt } from '../images/volume-chain.ts';
import { element, writeXml } from '../xml/xml-builder.ts';
import { listPools } from './storage-pools.ts';

const CLUSTER = 65536;
/** Virtual bytes for each entry of the L1 table: an L2 table of 8192 entries of one cluster each. */
const PER_ENTRY = 8192 * CLUSTER;

/** Makes overlays on other hosts, through their storage pools. */
export class OverlayVolumes implements Overlays {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** The running pool of the file's folder; `null` where there is none. */
  async poolOf(hostId: string, file: string): Promise<Pool | null> {
    const pools = await listPools(this.#connection(hostId));
    return pools.find(({ path, running }) => running && path === folderOf(file)) ?? null;
  }

  /**
   * Makes the overlay and checks it. Throws `DESTINATION_NOT_IN_POOL`, `DESTINATION_EXISTS`, or libvirt's
   * error: code 38 where the backing image can't be read there.
   */
  async make(hostId: string, overlay: NewOverlay): Promise<void> {
    const connection = this.#connection(hostId);
    const { file } = overlay;
    const pool = await this.poolOf(hostId, file);
    if (pool === null) {
      const host = this.#fleet.supervisor(hostId).host().name;
      throw new ProblemError('refused', problem('DESTINATION_NOT_IN_POOL', { folder: folderOf(file), host }));
    }
    const ref = await connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name: pool.name });
    const xml = volumeXml(overlay);
    const create = () => connection.call('STORAGE_VOL_CREATE_XML', { pool: ref, xml, flags: 0 });
    const volume = await create()
      .catch(async (error: unknown) => {
        if (!isStorageVolumeThere(error)) throw error;
        // A pool keeps listing a file that was deleted without it, until it is refreshed.
        await connection.call('STORAGE_POOL_REFRESH', { pool: ref, flags: 0 });
        return create();
      })
      .catch((error: unknown) => {
        // Error 55 where the pool did not know of the file yet. Neither file is overwritten.
        if (!isStorageVolumeThere(error) && !isOperationInvalid(error)) throw error;
        throw new ProblemError('refused', problem('DESTINATION_EXISTS', { path: file }), { cause: error });
      });
    if ((await this.stateOf(hostId, overlay)) === 'untouched') return;
    await connection.call('STORAGE_VOL_DELETE', { volume, flags: 0 });
    throw new ProblemError('failed', problem('OVERLAY_NOT_VERIFIED', { path: file }));
  }

  /** What is at the overlay's path now, by the host's pools. */
  async stateOf(hostId: string, overlay: NewOverlay): Promise<OverlayState> {
    const found = await volumeAt(this.#connection(hostId), overlay.file);
    if (found === null) return 'none';
    return isUntouched(found, overlay) ? 'untouched' : 'other';
  }

  /** Deletes the overlay if nothing was written to it; throws `OVERLAY_TOUCHED` otherwise. One that is gone is no error. */
  async remove(hostId: string, overlay: NewOverlay): Promise<void> {
    const connection = this.#connection(hostId);
    const state = await this.stateOf(hostId, overlay);
    if (state === 'none') return;
    if (state === 'other') {
      throw new ProblemError('conflict', problem('OVERLAY_TOUCHED', { path: overlay.file }));
    }
    const volume = await connection.call('STORAGE_VOL_LOOKUP_BY_PATH', { path: overlay.file });
    await connection.call('STORAGE_VOL_DELETE', { volume, flags: 0 });
  }

  #connection(hostId: string): Connection {
    return this.#fleet.supervisor(hostId).source().connection;
  }
}

function volumeXml({ file, backing, virtualSize }: NewOverlay): string {
  return writeXml(
    element(
      'volume',
      { type: 'file' },
      element('name', {}, file.slice(folderOf(file).length).replace(/^\//, '')),
      element('capacity', { unit: 'bytes' }, String(virtualSize)),
      element('allocation', { unit: 'bytes' }, '0'),
      element(
        'target',
        {},
        element('path', {}, file),
        element('format', { type: 'qcow2' }),
        // Without it libvirt makes version 0.10, in which zeros over a backing image's data have to be written.
        element('compat', {}, '1.1'),
      ),
      element(
        'backingStore',
        {},
        element('path', {}, backing.path),
        element('format', { type: backing.format }),
      ),
    ),
  );
}

/**
 * Whether a volume is an empty overlay as `make` makes it. One write by a guest would take two clusters more, for the data and
 * for an L2 table.
 */
export function isUntouched(found: VolumeInfo, { backing, virtualSize }: NewOverlay): boolean {
  const tables = 8 * Math.ceil(virtualSize / PER_ENTRY);
  return (
    found.format === 'qcow2' &&
    found.capacity === virtualSize &&
    found.backing?.path === backing.path &&
    found.backing.format === backing.format &&
    found.physical !== null &&
    // Header, refcount table and refcount block, and rounding to a cluster.
    found.physical <= 4 * CLUSTER + tables
  );
}
