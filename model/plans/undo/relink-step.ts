import { keepsBitmaps } from '../bitmaps.ts';
import { qemuImgCommand, virshCommand } from '../command.ts';
import { chainDepthAfter, type StepKind } from '../kind.ts';
import { guestOf, nameIn } from '../plan.ts';
import { shellCommand } from '../shell.ts';
import type { ChainStep } from '../step.ts';

/** Has an active image name its old backing image again, while no QEMU has it open. Only its header is written. */
export interface RelinkStep extends ChainStep {
  readonly kind: 'relink';
  /** Path of the active image. */
  readonly image: string;
  /** Path and format of the image that it is backed by afterwards. */
  readonly backing: { readonly name: string; readonly format: string };
  /** Whether the guest's definition names the chain too, which has to go: libvirt would start the guest with that one. */
  readonly recorded: boolean;
  /** When the flatten began that is undone: the images that come back may not have been written since. Milliseconds since 1970. */
  readonly since: number;
}

export const relinkStepKind: StepKind<RelinkStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command(plan, step) {
    const { image, backing, target, recorded } = step;
    const guest = guestOf(plan).name;
    const xml = `${guest}.xml`;
    const dump = virshCommand(plan, step, ['dumpxml', '--inactive', '--security-info', guest]);
    return [
      ...(recorded
        ? [
            `${dump} > ${shellCommand([xml])}`,
            { note: 'drop-chain', params: { target } } as const,
            virshCommand(plan, step, ['define', xml]),
          ]
        : []),
      qemuImgCommand('rebase', '-u', '-f', 'qcow2', '-b', backing.name, '-F', backing.format, image),
    ];
  },
  text: (plan, { image, backing, before, after, recorded }) => ({
    recorded: recorded ? 'yes' : 'no',
    guest: guestOf(plan).name,
    image: nameIn(plan, image),
    backing: nameIn(plan, backing.name),
    count: after.length - before.length,
  }),
  depthAfter: chainDepthAfter,
};

/** Keys of the images that come back, from the topmost down. */
export function broughtBack({ before, after }: Pick<RelinkStep, 'before' | 'after'>): readonly string[] {
  return after.slice(1, after.length - before.length + 1);
}
