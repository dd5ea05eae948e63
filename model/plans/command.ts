import { type Image, imagePath } from '../fleet/image.ts';
import type { TextParams } from '../problem.ts';
import type { PlanOf } from './plan.ts';
import { diskPlan } from './plan.ts';
import { shellCommand } from './shell.ts';
import type { OnHost } from './step.ts';

/** What has the same effect as a step, line by line. */
export type Command = readonly CommandLine[];

/** A shell command, or a note in its place: something to know, or to do oneself. */
export type CommandLine = string | CommandNote;

/** A text of `commandNotes` in the catalogue. */
export interface CommandNote {
  readonly note:
    | 'checkpoints-broken'
    | 'checkpoints-lost'
    | 'checkpoints-may-be-lost'
    | 'drop-chain'
    | 'edit-both-files'
    | 'edit-file'
    | 'flush'
    | 'on-host'
    | 'unsafe';
  readonly params: TextParams;
}

/** What makes virsh wait for the end of a job. */
export const WAIT = ['--wait', '--verbose'];

/** The arguments of a speed limit. @param bandwidth bytes per second, 0 for no limit */
export function limitArguments(bandwidth: number): readonly string[] {
  return bandwidth === 0 ? [] : ['--bytes', '--bandwidth', String(bandwidth)];
}

/** virsh on the host of the step, with these arguments. */
export function virshCommand(plan: PlanOf, { hostId }: OnHost, args: readonly string[]): string {
  const uri = plan.uris[hostId];
  // This is the default of virsh for root.
  const connection = uri === undefined || uri === 'qemu:///system' ? [] : ['-c', uri];
  return shellCommand(['virsh', ...connection, ...args]);
}

export function qemuImgCommand(...args: readonly string[]): string {
  return shellCommand(['qemu-img', ...args]);
}

/** What libvirt calls an image of the chain that the plan was made from. */
export function imageArgument(plan: PlanOf, target: string, key: string): string {
  const image = diskPlan(plan, target)?.now.images.find((one) => one.key === key);
  return (image && baseArgument(target, image)) ?? key;
}

/**
 * What libvirt calls an image: its path, so that the call fails when the chain has changed. An image without a path goes
 * by its index.
 */
export function baseArgument(target: string, image: Image): string | null {
  return imagePath(image) ?? (image.index === null ? null : `${target}[${image.index}]`);
}
