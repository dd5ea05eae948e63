import type { Capabilities } from '../fleet/capabilities.ts';
import type { Guest } from '../fleet/guest.ts';
import { imageName } from '../fleet/image.ts';
import { isCommit } from '../plans/commit.ts';
import { imageOf } from '../plans/plan.ts';
import type { ChainStep } from '../plans/step.ts';
import { writtenBelow } from '../plans/written-images.ts';
import { problem } from '../problem.ts';
import type { Step } from './kinds.ts';
import type { Plan } from './plan.ts';

/**
 * The plan with a warning where AppArmor probably keeps QEMU from what a commit writes. It is no refusal: libvirt tells neither
 * which images its rules name, nor whether its vendor changed them.
 */
export function warnedOfConfinement(
  plan: Plan,
  { confinedBy }: Guest,
  { confinesBackingFiles }: Capabilities,
): Plan {
  if (!confinesBackingFiles) return plan;
  const written = new Set(plan.steps.flatMap(commitsOf).flatMap(writtenBelow));
  // Rules of AppArmor are about files and devices of the host.
  const images = [...written].flatMap((key) => imageOf(plan, key) ?? []);
  const names = images.filter(({ source }) => source.kind !== 'network').map(imageName);
  if (names.length === 0) return plan;
  const by = confinedBy === null ? 'unknown' : 'apparmor';
  const found = problem('COMMIT_MAY_BE_DENIED', { files: names.join(', '), by });
  return { ...plan, warnings: [...plan.warnings, found] };
}

/** The commits of a step, its own and those that libvirt makes for it. */
function commitsOf(step: Step): readonly Pick<ChainStep, 'before' | 'after'>[] {
  if (isCommit(step)) return [step];
  return step.kind === 'delete-snapshot' ? step.merges : [];
}
