import { knownFindings } from '../../model/doctor/doctor.ts';
import { type Finding, type FindingCode, SEVERITIES } from '../../model/doctor/finding.ts';
import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import type { FleetList } from '../live/fleet-list.ts';

/** The order among findings of one severity. A code that is missing here does not compile. */
const URGENCY = [
  'PAUSED_IO_ERROR',
  'IMAGE_MISSING',
  'UNREADABLE',
  'TOO_DEEP',
  'JOB_READY',
  'JOB_UNKNOWN',
  'NEARLY_TOO_DEEP',
  'DEEP',
  'RECORDS_MISSET',
  'RECORDS_STALE',
  'RECORDS_USELESS',
  'DELETION_UNFINISHED',
  'RECORDS_MERGED',
  'RECORDS_WRITTEN',
  // Notes, and what only an examination finds, do not come here as yet.
  'BACKING_OTHER',
  'BACKING_DANGLING',
  'BACKING_NOT_QCOW2',
  'DEFINITION_OTHER',
  'CHECK_ERRORS',
  'CHECK_LEAKS',
  'FORMAT_MISSING',
  'BACKING_SEEMS_QCOW2',
  'BACKING_RELATIVE',
  'BACKING_INDIRECT',
  'TOO_DEEP_FOR_UPGRADE',
  'SIZES_DIFFER',
  'INTERNAL_SNAPSHOTS',
  'DATA_FILE',
  'EXTENDED_L2',
  'RECORDS_UNKNOWN',
  'RECORDS_KEPT',
  'RECORDS_REVERTIBLE',
] as const satisfies readonly FindingCode[];

/**
 * What the doctor finds in the fleet without examining a host, but for mere notes. The most urgent comes first, a deeper
 * chain before a less deep one.
 * @param isBusy whether an operation has a disk
 */
export function attention(
  { hosts, guests }: FleetList,
  isBusy: (disk: DiskRef) => boolean,
): readonly Finding[] {
  const known = new Map(hosts.map(({ id, capabilities }) => [id, capabilities]));
  return guests
    .flatMap((guest) => {
      const { hostId, uuid } = guest;
      return knownFindings(guest, known.get(hostId) ?? UNKNOWN_CAPABILITIES, (target) =>
        isBusy({ hostId, uuid, target }),
      );
    })
    .filter(({ severity }) => severity !== 'note')
    .toSorted((a, b) => gravity(a) - gravity(b) || urgency(a) - urgency(b) || depth(b) - depth(a));
}

const gravity = (finding: Finding) => SEVERITIES.indexOf(finding.severity);

const urgency = ({ code }: Finding) => URGENCY.indexOf(code);

const depth = ({ params }: Finding) => Number(params.depth ?? 0);
