import { bySeverity, type Finding, findingKey } from '../../model/doctor/finding.ts';

/** Findings of one kind on one disk, such as one for each layer of a long chain. */
export interface FindingGroup {
  readonly key: string;
  readonly first: Finding;
  readonly others: readonly Finding[];
}

/** The findings in groups of similar ones, the worst first. */
export function findingGroups(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = Map.groupBy(bySeverity(findings), ({ hostId, uuid, code, target }) =>
    [hostId, uuid, code, target].join(' '),
  );
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ key: findingKey(first), first, others }],
  );
}
