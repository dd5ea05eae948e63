import type { Disk, GuestRef } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { FixIntent } from '../kinds/kinds.ts';
import type { DeleteSnapshotIntent } from '../plans/delete-snapshot/delete-snapshot.ts';
import type { ForgetIntent } from '../plans/forget.ts';
import type { Problem } from '../problem.ts';

export const SEVERITIES = ['bad', 'warn', 'note'] as const;

/** `bad`: data is out of reach or in danger. `warn`: something will not work. `note`: good to know. */
export type Severity = (typeof SEVERITIES)[number];

/** Each code has a title and a text under `doctor.findings` in the catalogue. */
export type FindingCode =
  | 'BACKING_DANGLING'
  | 'BACKING_INDIRECT'
  | 'BACKING_NOT_QCOW2'
  | 'BACKING_OTHER'
  | 'BACKING_RELATIVE'
  | 'BACKING_SEEMS_QCOW2'
  | 'CHECK_ERRORS'
  | 'CHECK_LEAKS'
  | 'DATA_FILE'
  | 'DEEP'
  | 'DEFINITION_OTHER'
  | 'DELETION_UNFINISHED'
  | 'EXTENDED_L2'
  | 'FORMAT_MISSING'
  | 'IMAGE_MISSING'
  | 'INTERNAL_SNAPSHOTS'
  | 'JOB_READY'
  | 'JOB_UNKNOWN'
  | 'NEARLY_TOO_DEEP'
  | 'PAUSED_IO_ERROR'
  | 'RECORDS_KEPT'
  | 'RECORDS_MERGED'
  | 'RECORDS_WRITTEN'
  | 'RECORDS_MISSET'
  | 'RECORDS_REVERTIBLE'
  | 'RECORDS_STALE'
  | 'RECORDS_UNKNOWN'
  | 'RECORDS_USELESS'
  | 'SIZES_DIFFER'
  | 'TOO_DEEP'
  | 'TOO_DEEP_FOR_UPGRADE'
  | 'UNREADABLE';

/** Something that is wrong with a guest, or that its operator should know. */
export interface Finding extends GuestRef {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly guestName: string;
  /** The disk that it is about; `null` if it is about the guest. */
  readonly target: string | null;
  /** Key of the image that it is about. */
  readonly image: string | null;
  /** What fills the texts. */
  readonly params: Problem['params'];
  /** A problem whose text replaces that of the code. */
  readonly problem: Problem | null;
  readonly fix: Fix | null;
}

/** What the doctor proposes to plan. */
export type ProposedIntent = FixIntent | ForgetIntent | DeleteSnapshotIntent;

/** What repairs it: a plan of this intent, or a flatten, for which the operator picks the base. */
export type Fix =
  | { readonly kind: 'plan'; readonly intent: ProposedIntent }
  | { readonly kind: 'flatten'; readonly target: string };

/** A finding without the guest and the disk that it is about. */
export type Found = Pick<Finding, 'code' | 'severity'> &
  Partial<Pick<Finding, 'image' | 'params' | 'problem' | 'fix'>>;

export function findingOf(
  { hostId, uuid, name: guestName }: Guest,
  target: Disk['target'] | null,
  found: Found,
): Finding {
  return { hostId, uuid, guestName, target, image: null, params: {}, problem: null, fix: null, ...found };
}

/** Identifies a finding: the same finding of a later examination has the same key. */
export function findingKey({ hostId, uuid, target, image, code }: Finding): string {
  return [hostId, uuid, code, target ?? '', image ?? ''].join(' ');
}

/** The worst first, then by guest and disk. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  const weight = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return findings.toSorted(
    (a, b) =>
      weight(a) - weight(b) ||
      a.guestName.localeCompare(b.guestName) ||
      (a.target ?? '').localeCompare(b.target ?? ''),
  );
}
