import { knownFindings } from '../../model/doctor/doctor.ts';
import { type Finding, type FindingCode, SEVERITIES } from '../../model/doctor/finding.ts';
import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { DiskRef } from '../../model/fleet/disk.ts';
import type { FleetList } from '../live/fleet-list.ts';

/** The order among findings of one severity; a code that is not here comes after these. */
const URGENCY: readonly FindingCode[] = [
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
  'RECORDS_MERGED',
];

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

function urgency({ code }: Finding): number {
  const place = URGENCY.indexOf(code);
  return place === -1 ? URGENCY.length : place;
}

const depth = ({ params }: Finding) => Number(params.depth ?? 0);
