import { knownFindings } from '../../model/doctor/doctor.ts';
import {
  type Finding as DoctorFinding,
  findingKey as doctorKey,
  type FindingCode,
} from '../../model/doctor/finding.ts';
import { DEEP } from '../../model/fleet/chain.ts';
import type { Disk, DiskRef } from '../../model/fleet/disk.ts';
import type { Guest, IoError } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import type { Image } from '../../model/fleet/image.ts';
import type { SnapshotRecord } from '../../model/fleet/snapshot-record.ts';
import type { Problem } from '../../model/problem.ts';
import { guestFigures } from '../fleet/guest-figures.ts';
import type { FleetList } from '../live/fleet-list.ts';

const JOBS: ReadonlySet<FindingCode> = new Set(['JOB_READY', 'JOB_UNKNOWN']);

/** Something in the fleet that somebody should look at. */
export type Finding =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'stopped'; readonly guest: Guest; readonly ioError: IoError }
  | { readonly kind: 'missing'; readonly guest: Guest; readonly disk: Disk; readonly image: Image }
  | { readonly kind: 'unreadable'; readonly guest: Guest; readonly disk: Disk; readonly problem: Problem }
  | { readonly kind: 'job'; readonly guest: Guest; readonly found: DoctorFinding }
  | { readonly kind: 'deep'; readonly guest: Guest; readonly disk: Disk; readonly depth: number }
  | { readonly kind: 'stale'; readonly guest: Guest; readonly records: readonly SnapshotRecord[] };

/**
 * What needs attention, the worst first.
 * @param isBusy whether an operation has a disk
 */
export function findings(
  { hosts, guests }: FleetList,
  isBusy: (disk: DiskRef) => boolean,
): readonly Finding[] {
  const disks = guests.flatMap((guest) => guest.disks.map((disk) => ({ guest, disk })));
  return [
    ...hosts.filter(({ state }) => state !== 'connected').map((host): Finding => ({ kind: 'host', host })),
    ...guests.flatMap((guest): Finding[] =>
      guest.ioError === null ? [] : [{ kind: 'stopped', guest, ioError: guest.ioError }],
    ),
    ...disks.flatMap(({ guest, disk }) =>
      (disk.chain?.images ?? [])
        .filter((image) => image.missing)
        .map((image): Finding => ({ kind: 'missing', guest, disk, image })),
    ),
    ...disks.flatMap(({ guest, disk }): Finding[] =>
      disk.problem === null || disk.chain?.images.some((image) => image.missing)
        ? []
        : [{ kind: 'unreadable', guest, disk, problem: disk.problem }],
    ),
    ...guests.flatMap((guest) =>
      jobsOf(guest, isBusy).map((found): Finding => ({ kind: 'job', guest, found })),
    ),
    ...disks
      .map(({ guest, disk }) => ({
        kind: 'deep' as const,
        guest,
        disk,
        depth: disk.chain?.images.length ?? 0,
      }))
      .filter(({ depth }) => depth >= DEEP)
      .sort((a, b) => b.depth - a.depth),
    ...guests
      .map((guest): Finding => ({ kind: 'stale', guest, records: guestFigures(guest).stale }))
      .filter((finding) => finding.kind === 'stale' && finding.records.length > 0),
  ];
}

function jobsOf(guest: Guest, isBusy: (disk: DiskRef) => boolean): readonly DoctorFinding[] {
  if (!guest.disks.some(({ job }) => job !== null)) return [];
  const { hostId, uuid } = guest;
  return knownFindings(guest, null, (target) => isBusy({ hostId, uuid, target })).filter(({ code }) =>
    JOBS.has(code),
  );
}

/** Names a finding, so that a list keeps its place. */
export function findingKey(finding: Finding): string {
  switch (finding.kind) {
    case 'host':
      return `host ${finding.host.id}`;
    case 'job':
      return `job ${doctorKey(finding.found)}`;
    case 'stale':
    case 'stopped':
      return `${finding.kind} ${finding.guest.hostId} ${finding.guest.uuid}`;
    case 'missing':
      return `missing ${finding.guest.hostId} ${finding.guest.uuid} ${finding.disk.target} ${finding.image.key}`;
    default:
      return `${finding.kind} ${finding.guest.hostId} ${finding.guest.uuid} ${finding.disk.target}`;
  }
}
