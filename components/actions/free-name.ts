import type { SnapshotRecord } from '../../model/fleet/snapshot-record.ts';

/** A name that no record has: this one, else with the lowest number behind it. */
export function freeName(wanted: string, records: readonly SnapshotRecord[]): string {
  const taken = new Set(records.map((record) => record.name));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  return name;
}
