import type { DiskRef } from '../../../model/guest.ts';
import type { Image } from '../../../model/image.ts';
import type { Fleet } from '../../hosts/fleet.ts';
import { GuestDisks } from '../../hosts/guest-disks.ts';
import { openDashboard } from './dashboard.ts';

/**
 * A dashboard in a process of its own, which starts one slow flatten and prints the operation's id:
 * `child.ts URI DATABASE UUID POSITION BANDWIDTH DEATH`. DEATH is `never`, or says on which side of the call that starts
 * the pull the process dies, as a power cut would have it.
 */
const [uri = '', database = '', uuid = '', position = '', bandwidth = '', death = ''] = process.argv.slice(2);

class MortalDisks extends GuestDisks {
  override async startPull(ref: DiskRef, base: Image | null, limit: number): Promise<void> {
    if (death === 'before') process.kill(process.pid, 'SIGKILL');
    await super.startPull(ref, base, limit);
    if (death === 'after') process.kill(process.pid, 'SIGKILL');
  }
}

const { flatten, sampled } = await openDashboard(uri, database, (fleet: Fleet) => new MortalDisks(fleet));
const { id } = await flatten({ uuid, name: uuid }, Number(position), { bandwidth: Number(bandwidth) });
await sampled(id);
process.stdout.write(`${id}\n`);
