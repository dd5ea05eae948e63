import type { Guest } from '../fleet/guest.ts';
import { isStale } from '../fleet/snapshot-record.ts';
import type { Found } from './finding.ts';

/** libvirt neither migrates nor undefines a guest that has a record, and a stale one is of no use besides. */
export function recordFindings({ records, disks }: Guest): readonly Found[] {
  const [stale, kept] = [true, false].map((wanted) =>
    records.filter((record) => isStale(record, disks) === wanted).map(({ name }) => name),
  );
  const found = (code: Found['code'], severity: Found['severity'], names: readonly string[] = []) => {
    if (names.length === 0) return [];
    const params = { names: names.join(', '), count: names.length };
    return [{ code, severity, params, fix: { kind: 'plan', intent: { kind: 'forget', names } } } as const];
  };
  return [...found('RECORDS_STALE', 'warn', stale), ...found('RECORDS_KEPT', 'note', kept)];
}
