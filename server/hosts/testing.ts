import { onTestFinished, vi } from 'vitest';
import { createGuest, destroyGuest } from '../../lab/guest.ts';
import type { GuestSpec } from '../../lab/guest-spec.ts';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { virsh } from '../../lab/virsh.ts';
import { lab } from '../../lab/vitest-lab.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import { diskOf, type Guest } from '../../model/fleet/guest.ts';
import { connect } from '../libvirt/index.ts';
import { Fleet, type FleetEvent } from './fleet/fleet.ts';

export { lab };
export const alpha = hostOf(lab, 'alpha');

/** A guest for this test alone, which may undefine it. */
export async function guestFor(spec: GuestSpec): Promise<LabGuest> {
  const guest = await createGuest(lab, spec);
  onTestFinished(async () => {
    const there = await virsh(hostOf(lab, guest.host), 'list', '--all', '--uuid');
    if (there.includes(guest.uuid)) await destroyGuest(lab, guest);
  });
  return guest;
}

/** A fleet of the lab's one host. `elsewhere` has it take that host for one whose files can't be read from here. */
export async function fleetOf({ uri } = alpha, { elsewhere = false } = {}) {
  const warnings: unknown[] = [];
  const events: FleetEvent[] = [];
  const counted: typeof connect = async (wanted, options) => {
    const connection = await connect(elsewhere ? uri : wanted, options);
    vi.spyOn(connection, 'call').mockName('call');
    const spy = vi.mocked(connection.call);
    counts.push(() => spy.mock.calls.length);
    return connection;
  };
  const counts: (() => number)[] = [];
  const fleet = new Fleet(counted, (message, error) => warnings.push([message, error]));
  fleet.listen((event) => events.push(event));
  onTestFinished(() => fleet.stop());
  const { id: hostId } = fleet.add(elsewhere ? 'qemu+ssh://elsewhere/session' : uri).host();
  await until('the host', async () => fleet.hosts()[0]?.state === 'connected');
  const guest = ({ uuid }: LabGuest): Guest | null => fleet.guest({ hostId, uuid });
  const disk = (of: LabGuest, target = 'vda'): Disk | null => {
    const found = guest(of);
    return found && diskOf(found, target);
  };
  return {
    fleet,
    hostId,
    events,
    warnings,
    guest,
    disk,
    keys: (of: LabGuest, target = 'vda') => disk(of, target)?.chain?.images.map(({ key }) => key) ?? null,
    /** Calls to libvirt so far. */
    calls: () => counts.reduce((sum, count) => sum + count(), 0),
    /** Resolves when what the fleet knows satisfies. */
    shows: (what: string, holds: () => boolean) => until(what, async () => holds()),
  };
}
