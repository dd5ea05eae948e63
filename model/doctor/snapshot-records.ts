import { type RecordState, recordStates } from '../fleet/record-state.ts';
import { unfinishedDeletions } from '../plans/delete-snapshot/snapshot-deletion.ts';
import { forgettable } from '../plans/forget.ts';
import type { GuestCheck } from './check.ts';
import type { Found } from './finding.ts';

/**
 * Snapshot records. libvirt does not migrate or undefine a guest that has any. Where it can revert to them, it is proposed to
 * forget only what is useless and may go.
 */
export const snapshotRecords: GuestCheck = (guest) => {
  const states = recordStates(guest);
  const named = (...wanted: readonly RecordState[]) =>
    guest.records.map(({ name }) => name).filter((name) => wanted.includes(states.get(name) ?? 'unknown'));
  const found = (
    code: Found['code'],
    severity: Found['severity'],
    names: readonly string[],
    forgotten: readonly string[] = [],
  ) => {
    if (names.length === 0) return [];
    const params = { names: names.join(', '), count: names.length };
    const fix = { kind: 'plan', intent: { kind: 'forget', names: forgotten } } as const;
    return [{ code, severity, params, fix: forgotten.length === 0 ? null : fix }];
  };
  if (guest.reverts === null) {
    const [stale, kept] = [named('stale'), named('good')];
    return [...found('RECORDS_STALE', 'warn', stale, stale), ...found('RECORDS_KEPT', 'note', kept, kept)];
  }
  return [
    // While a job runs, the deletion may not have ended yet.
    ...(guest.disks.some(({ job }) => job !== null)
      ? []
      : unfinishedDeletions(guest.records, guest.records)
    ).map(
      (name): Found => ({
        code: 'DELETION_UNFINISHED',
        severity: 'warn',
        params: { name },
        fix: { kind: 'plan', intent: { kind: 'delete-snapshot', name } },
      }),
    ),
    ...found('RECORDS_MISSET', 'bad', named('misset')),
    ...found('RECORDS_USELESS', 'warn', named('useless'), forgettable(guest)),
    ...found('RECORDS_MERGED', 'warn', named('merged')),
    ...found('RECORDS_WRITTEN', 'warn', named('written')),
    ...found('RECORDS_UNKNOWN', 'note', named('unknown')),
    ...found('RECORDS_REVERTIBLE', 'note', named('good', 'branch', 'detached')),
  ];
};
