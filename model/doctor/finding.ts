import type { Disk, GuestRef } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { Intent } from '../kinds/kinds.ts';
import type { Problem } from '../problem.ts';

export const SEVERITIES = ['bad', 'warn', 'note'] as const;

/** `bad`: data is out of reach or in danger. `warn`: something will not work. `note`: good to know. */
export type Severity = (typeof SEVERITIES)[number];

/** What is found; each has its texts in `messages/`. */
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
  | 'EXTENDED_L2'
  | 'FORMAT_MISSING'
  | 'IMAGE_MISSING'
  | 'INTERNAL_SNAPSHOTS'
  | 'JOB_READY'
  | 'JOB_UNKNOWN'
  | 'PAUSED_IO_ERROR'
  | 'RECORDS_KEPT'
  | 'RECORDS_STALE'
  | 'SIZES_DIFFER'
  | 'UNREADABLE';

/** Something about a guest that is not as it should be, or that one should know. */
export interface Finding extends GuestRef {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly guestName: string;
  /** The disk that it is about; `null` where it is about the guest. */
  readonly target: string | null;
  /** Key of the image that it is about. */
  readonly image: string | null;
  /** They fill the texts. */
  readonly params: Problem['params'];
  /** What stands for the text, where another part has the words already. */
  readonly problem: Problem | null;
  readonly fix: Fix | null;
}

/** What cures it: a plan of this intent, or a flatten, for which the operator picks the base. */
export type Fix =
  | { readonly kind: 'plan'; readonly intent: Intent }
  | { readonly kind: 'flatten'; readonly target: string };

/** What a finding says beside whom it is about. */
export type Found = Pick<Finding, 'code' | 'severity'> &
  Partial<Pick<Finding, 'image' | 'params' | 'problem' | 'fix'>>;

export function findingOf(
  { hostId, uuid, name: guestName }: Guest,
  target: Disk['target'] | null,
  found: Found,
): Finding {
  return { hostId, uuid, guestName, target, image: null, params: {}, problem: null, fix: null, ...found };
}

/** Names a finding: the same one, found again, has the same name. */
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
