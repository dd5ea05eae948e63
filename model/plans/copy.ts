import { copiesBitmaps } from './bitmaps.ts';
import { limitArguments, virshCommand, WAIT } from './command.ts';
import { chainDepthAfter, type StepKind } from './kind.ts';
import { guestOf } from './plan.ts';
import type { ChainStep } from './step.ts';

/** Copies all that the guest sees into one new image, and pivots the guest to it. */
export interface CopyStep extends ChainStep {
  readonly kind: 'copy';
  /** Absolute path on the host; nothing is there before. */
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
}

export const copyStepKind: StepKind<CopyStep> = {
  work: 'block-job',
  command: (plan, step, bandwidth) => [
    virshCommand(plan, step, [
      'blockcopy',
      guestOf(plan).name,
      step.target,
      '--dest',
      step.file,
      '--format',
      step.format,
      '--transient-job',
      '--pivot',
      ...limitArguments(bandwidth),
      ...WAIT,
    ]),
  ],
  text: (_, { target, file }) => ({ target, file }),
  bitmaps: (plan, { target, file }, of) => (of === target ? copiesBitmaps(plan, file) : 'kept'),
  move: ({ before, after }) => ({
    job: 'copy',
    involved: before,
    moved: before,
    direction: 'out',
    into: after[0] ?? null,
  }),
  files: ({ file }) => [file],
  leavesOnFailure: ({ file, format }) => [{ file, format }],
  depthAfter: chainDepthAfter,
};
