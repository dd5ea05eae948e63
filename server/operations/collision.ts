import { collide, filesOf } from '../../model/kinds/claims.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { diskPlan, guestOf } from '../../model/plans/plan.ts';
import { type Problem, problem } from '../../model/problem.ts';

/** Why a plan can't be followed beside the others: `OPERATION_ON_DISK`, `LEFTOVER_BUSY`, or `null` where it can. */
export function collisionOf(plan: Plan, others: readonly Plan[]): Problem | null {
  const other = others.find((one) => collide(one, plan));
  if (other === undefined) return null;
  if (plan.guest === null || other.guest === null) {
    const image = [...filesOf(plan)].find((file) => filesOf(other).has(file)) ?? '';
    return problem('LEFTOVER_BUSY', { image });
  }
  const shared = plan.disks.find((disk) => other.wholeGuest || diskPlan(other, disk.target) !== null);
  const target = shared?.target ?? other.disks[0]?.target ?? guestOf(plan).name;
  return problem('OPERATION_ON_DISK', { target });
}
