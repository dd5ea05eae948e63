import { isStale } from '../fleet/snapshot-record.ts';
import type { GuestCheck } from './check.ts';
import type { Found } from './finding.ts';

/** Snapshot records. libvirt does not migrate or undefine a guest that has any, and a stale one can't be reverted to. */
export const snapshotRecords: GuestCheck = ({ records, disks }) => {
  const [stale, kept] = [true, false].map((wanted) =>
    records.filter((record) => isStale(record, disks) === wanted).map(({ name }) => name),
  );
  const found = (code: Found['code'], severity: Found['severity'], names: readonly string[] = []) => {
    if (names.length === 0) return [];
    const params = { names: names.join(', '), count: names.length };
    return [{ code, severity, params, fix: { kind: 'plan', intent: { kind: 'forget', names } } } as const];
  };
  return [...found('RECORDS_STALE', 'warn', stale), ...found('RECORDS_KEPT', 'note', kept)];
};
