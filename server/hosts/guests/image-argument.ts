import type { Image } from '../../../model/fleet/image.ts';
import { baseArgument } from '../../../model/plans/command.ts';
import { ProblemError, problem } from '../../../model/problem.ts';

/**
 * How a call names an image of a disk. Throws `IMAGE_UNNAMED` if libvirt has no name for it: without one, libvirt takes the
 * active image or the base instead.
 */
export function imageArgument(target: string, image: Image): string {
  const argument = baseArgument(target, image);
  if (argument === null) throw new ProblemError('failed', problem('IMAGE_UNNAMED', { image: image.key }));
  return argument;
}
