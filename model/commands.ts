import { type Image, imagePath } from './image.ts';
import { diskPlan, type Plan } from './plan.ts';
import { shellCommand } from './shell.ts';
import type { PullStep, Step } from './step.ts';

/**
 * What does the same by hand, one text a step, each of one command or of several lines; nothing for a plan that is
 * refused: it would be refused for good reason by hand too.
 *
 * @param bandwidth bytes per second, 0 for no limit
 */
export function commandsOf(plan: Plan, bandwidth: number): readonly string[] {
  return plan.refusals.length > 0 ? [] : plan.steps.map((step) => commandOf(plan, step, bandwidth));
}

/** What does the step by hand. @param bandwidth bytes per second, 0 for no limit */
export function commandOf(plan: Plan, step: Step, bandwidth: number): string {
  switch (step.kind) {
    case 'pull':
      return pullCommand(plan, step, bandwidth);
    default:
      return step.kind;
  }
}

/** virsh on the host of the step, with these arguments. */
export function virshCommand(plan: Plan, { hostId }: Step, args: readonly string[]): string {
  const uri = plan.uris[hostId];
  // What virsh connects to by itself, as root.
  const there = uri === undefined || uri === 'qemu:///system' ? [] : ['-c', uri];
  return shellCommand(['virsh', ...there, ...args]);
}

function pullCommand(plan: Plan, step: PullStep, bandwidth: number): string {
  const { target, base } = step;
  const image = diskPlan(plan, target)?.now.images.find(({ key }) => key === base);
  return virshCommand(plan, step, [
    'blockpull',
    plan.guestName,
    target,
    ...(base === null ? [] : ['--base', (image && baseArgument(target, image)) ?? base]),
    ...(bandwidth === 0 ? [] : ['--bytes', '--bandwidth', String(bandwidth)]),
    '--wait',
    '--verbose',
  ]);
}

/**
 * An image as libvirt takes it: its path, which fails where the chain has changed, or for one
 * without a path its index.
 */
export function baseArgument(target: string, image: Image): string | null {
  return imagePath(image) ?? (image.index === null ? null : `${target}[${image.index}]`);
}
