import { type Image, imagePath } from './image.ts';
import type { Plan, Step } from './plan.ts';
import { shellCommand } from './shell.ts';

/**
 * What does the same by hand, one command a line; nothing for a plan that is refused: it would be refused for
 * good reason by hand too.
 *
 * @param bandwidth bytes per second, 0 for no limit
 */
export function commandsOf(plan: Plan, bandwidth: number): readonly string[] {
  return plan.refusals.length > 0 ? [] : plan.steps.map((step) => pullCommand(plan, step, bandwidth));
}

function pullCommand({ disk, guestName, now, uri }: Plan, step: Step, bandwidth: number): string {
  const image = now.images.find(({ key }) => key === step.base);
  return shellCommand([
    'virsh',
    // What virsh connects to by itself, as root.
    ...(uri === 'qemu:///system' ? [] : ['-c', uri]),
    'blockpull',
    guestName,
    disk.target,
    ...(image === undefined ? [] : ['--base', baseArgument(disk.target, image) ?? image.key]),
    ...(bandwidth === 0 ? [] : ['--bytes', '--bandwidth', String(bandwidth)]),
    '--wait',
    '--verbose',
  ]);
}

/**
 * The base as libvirt takes it: its path, which fails where the chain has changed, or for an image
 * without one its index.
 */
export function baseArgument(target: string, image: Image): string | null {
  return imagePath(image) ?? (image.index === null ? null : `${target}[${image.index}]`);
}
