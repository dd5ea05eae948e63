import { activeOf } from '../fleet/chain.ts';
import type { Disk } from '../fleet/disk.ts';
import { diskOf, type Guest, lacksSpace } from '../fleet/guest.ts';
import { imagePath } from '../fleet/image.ts';
import { chainFindings } from './doctor-chain.ts';
import { headerFindings } from './doctor-header.ts';
import { recordFindings } from './doctor-records.ts';
import type { Examination, ExaminedDisk } from './examination.ts';
import { bySeverity, type Finding, type Found, findingOf } from './finding.ts';

/** All that an examination shows to be wrong, or worth knowing, with what cures it. The worst first. */
export function findings({
  guest,
  qemuVersion,
  disks,
}: Omit<Examination, 'notInspected'>): readonly Finding[] {
  const ofDisks = disks.flatMap((examined) => {
    const disk = diskOf(guest, examined.target);
    if (disk === null) return [];
    const found = [
      ...chainFindings(guest, disk, qemuVersion),
      ...headerFindings(disk, examined.backings),
      ...jobFindings(disk, examined.busy),
      ...definitionFindings(disk, examined),
    ];
    return found.map((one) => findingOf(guest, disk.target, one));
  });
  return bySeverity([...ofDisks, ...ofGuest(guest)]);
}

/**
 * What of it a guest shows as libvirt tells of it, without a look at headers, definitions and files. The worst first.
 * @param isBusy whether an operation has a disk
 */
export function knownFindings(
  guest: Guest,
  qemuVersion: string | null,
  isBusy: (target: string) => boolean,
): readonly Finding[] {
  const ofDisks = guest.disks.flatMap((disk) =>
    [...chainFindings(guest, disk, qemuVersion), ...jobFindings(disk, isBusy(disk.target))].map((one) =>
      findingOf(guest, disk.target, one),
    ),
  );
  return bySeverity([...ofDisks, ...ofGuest(guest)]);
}

function ofGuest(guest: Guest): readonly Finding[] {
  return [...stopFindings(guest), ...recordFindings(guest)].map((one) => findingOf(guest, null, one));
}

/** QEMU pauses a guest whose write finds no free space. Only an operator resumes it. */
function stopFindings(guest: Guest): readonly Found[] {
  const { ioError } = guest;
  if (ioError === null) return [];
  const targets = ioError.disks.map(({ target }) => target);
  const paths = targets.flatMap((target) => activePath(guest, target) ?? []);
  const params = {
    why: lacksSpace(ioError) ? 'space' : 'other',
    disks: targets.join(', ') || 'none',
    places: paths.join(', ') || 'none',
    count: paths.length,
  };
  const fix = { kind: 'plan', intent: { kind: 'resume' } } as const;
  return [{ code: 'PAUSED_IO_ERROR', severity: 'bad', params, fix }];
}

function activePath(guest: Guest, target: string): string | null {
  const active = activeOf(diskOf(guest, target)?.chain ?? { images: [] });
  return active && imagePath(active);
}

/** A job that no operation has waits for somebody who may be gone. One that is ready waits for good. */
function jobFindings({ target, job }: Disk, busy: boolean): readonly Found[] {
  if (job === null || busy) return [];
  const code = job.ready ? 'JOB_READY' : 'JOB_UNKNOWN';
  // An abort changes nothing that the guest reads, and so is proposed.
  const fix = { kind: 'plan', intent: { kind: 'end-job', target, how: 'abort' } } as const;
  return [{ code, severity: 'warn', params: { job: job.kind }, fix }];
}

function definitionFindings({ target, chain }: Disk, { definedOther }: ExaminedDisk): readonly Found[] {
  const [active] = chain?.images ?? [];
  if (definedOther === null || active === undefined) return [];
  const params = { image: definedOther, active: active.key };
  const fix = { kind: 'plan', intent: { kind: 'redefine', target } } as const;
  return [{ code: 'DEFINITION_OTHER', severity: 'bad', image: active.key, params, fix }];
}
