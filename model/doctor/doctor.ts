import type { Capabilities } from '../fleet/capabilities.ts';
import type { Disk } from '../fleet/disk.ts';
import { diskOf, type Guest } from '../fleet/guest.ts';
import type { DiskCheck, DiskFacts, ExaminationCheck, GuestCheck } from './check.ts';
import { deepChain } from './deep-chain.ts';
import { definition } from './definition.ts';
import type { Examination } from './examination.ts';
import { bySeverity, type Finding, findingOf } from './finding.ts';
import { foreignJob } from './foreign-job.ts';
import { header } from './header.ts';
import { imageTraits } from './image-traits.ts';
import { pausedGuest } from './paused-guest.ts';
import { sizes } from './sizes.ts';
import { snapshotRecords } from './snapshot-records.ts';
import { unreadGuest } from './unread-guest.ts';
import { unreadableChain } from './unreadable-chain.ts';

const GUEST_CHECKS: readonly GuestCheck[] = [unreadGuest, pausedGuest, snapshotRecords];
const DISK_CHECKS: readonly DiskCheck[] = [unreadableChain, deepChain, sizes, imageTraits, foreignJob];
const EXAMINATION_CHECKS: readonly ExaminationCheck[] = [header, definition];

/** All findings of an examination, the worst first. */
export function findings({
  guest,
  capabilities,
  disks,
}: Omit<Examination, 'notInspected'>): readonly Finding[] {
  const ofDisks = disks.flatMap((examined) => {
    const disk = diskOf(guest, examined.target);
    if (disk === null) return [];
    const found = EXAMINATION_CHECKS.flatMap((check) => check(disk, examined));
    return [
      ...ofDisk(disk, { guest, capabilities, busy: examined.busy }),
      ...found.map((one) => findingOf(guest, disk.target, one)),
    ];
  });
  return bySeverity([...ofDisks, ...ofGuest(guest)]);
}

/**
 * The findings that need no examination: they come from what libvirt reports of a guest. The worst first.
 * @param isBusy whether an operation has a disk
 */
export function knownFindings(
  guest: Guest,
  capabilities: Capabilities,
  isBusy: (target: string) => boolean,
): readonly Finding[] {
  const ofDisks = guest.disks.flatMap((disk) =>
    ofDisk(disk, { guest, capabilities, busy: isBusy(disk.target) }),
  );
  return bySeverity([...ofDisks, ...ofGuest(guest)]);
}

function ofDisk(disk: Disk, facts: DiskFacts): readonly Finding[] {
  const found = DISK_CHECKS.flatMap((check) => check(disk, facts));
  return found.map((one) => findingOf(facts.guest, disk.target, one));
}

function ofGuest(guest: Guest): readonly Finding[] {
  return GUEST_CHECKS.flatMap((check) => check(guest)).map((one) => findingOf(guest, null, one));
}
