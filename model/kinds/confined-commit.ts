import type { Capabilities } from '../fleet/capabilities.ts';
import type { Guest } from '../fleet/guest.ts';
import { imageName } from '../fleet/image.ts';
import { isCommit } from '../plans/commit.ts';
import { imageOf } from '../plans/plan.ts';
import type { ChainStep } from '../plans/step.ts';
import { problem } from '../problem.ts';
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
  const written = new Set(plan.steps.filter(isCommit).flatMap(writtenBelow));
  // Rules of AppArmor are about files and devices of the host.
  const images = [...written].flatMap((key) => imageOf(plan, key) ?? []);
  const names = images.filter(({ source }) => source.kind !== 'network').map(imageName);
  if (names.length === 0) return plan;
  const by = confinedBy === null ? 'unknown' : 'apparmor';
  const found = problem('COMMIT_MAY_BE_DENIED', { files: names.join(', '), by });
  return { ...plan, warnings: [...plan.warnings, found] };
}

/**
 * Keys of the images below the active one that a commit writes: its base, and the image above those that merge, whose header
 * names another backing image afterwards.
 */
function writtenBelow({ before, after }: Pick<ChainStep, 'before' | 'after'>): readonly string[] {
  const isGone = (key: string) => !after.includes(key);
  const [first, last] = [before.findIndex(isGone), before.findLastIndex(isGone)];
  return [...before.slice(Math.max(1, first - 1), Math.max(1, first)), ...before.slice(last + 1, last + 2)];
}
