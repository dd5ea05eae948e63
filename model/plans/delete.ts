import { type Leftover, type LeftoverReport, overlaysFirst } from '../fleet/leftover.ts';
import { type Problem, problem } from '../problem.ts';
import type { DeleteIntent } from './intent.ts';
import { NO_COST, type Plan } from './plan.ts';
import type { DeleteStep } from './step.ts';

/** The plan that deletes leftovers of a host, a step for each, the overlays first. */
export function planDelete(intent: DeleteIntent, report: LeftoverReport, uri: string): Plan {
  const { hostId } = report;
  const paths = [...new Set(intent.files)];
  const files = overlaysFirst(report.leftovers.filter(({ path }) => paths.includes(path)));
  return {
    hostId,
    guest: null,
    guestName: null,
    uris: { [hostId]: uri },
    intent,
    fingerprint: JSON.stringify(files.map(({ path, identity, stamp }) => [path, identity, stamp])),
    disks: [],
    wholeGuest: false,
    steps: files.map((file) => deleteStep(hostId, file)),
    cost: NO_COST,
    refusals: distinct(paths.flatMap((path) => deletionRefusals(path, paths, report))),
    warnings: report.onlyPools ? [problem('ONLY_POOLS_READ')] : [],
    others: [],
  };
}

/** What is in the way of all is told once. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((one) => [JSON.stringify(one), one])).values()];
}

function deleteStep(hostId: string, { path, identity, stamp, pool, allocated }: Leftover): DeleteStep {
  return { kind: 'delete', hostId, file: path, identity, stamp, pool: pool ?? '', allocated };
}

/** So many are named; of more their number is told. */
const NAMED = 5;

/**
 * What speaks against deleting a file, by what is known now.
 * @param gone paths of those that are gone by then
 */
export function deletionRefusals(
  path: string,
  gone: readonly string[],
  { blocked, leftovers, kept, held, used }: LeftoverReport,
): readonly Problem[] {
  const [first] = blocked;
  if (first !== undefined) return [first];
  const file = leftovers.find((one) => one.path === path);
  if (file === undefined) {
    const keeper = kept.find((one) => one.path === path);
    if (keeper !== undefined) return [problem('LEFTOVER_KEPT', { image: path, actor: keeper.actor })];
    const why = held.find((one) => one.path === path)?.why;
    if (why !== undefined) return [why];
    const by = used.find((one) => one.path === path)?.by ?? [];
    const users = { image: path, users: by.slice(0, NAMED).join(', '), more: Math.max(0, by.length - NAMED) };
    return [by.length === 0 ? problem('LEFTOVER_UNKNOWN', { image: path }) : problem('LEFTOVER_USED', users)];
  }
  const over = file.under.filter((one) => !gone.includes(one));
  return over.length === 0 ? [] : [problem('LEFTOVER_BACKS', { image: path, files: over.join(', ') })];
}
