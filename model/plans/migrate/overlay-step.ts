import { keepsBitmaps } from '../bitmaps.ts';
import { qemuImgCommand } from '../command.ts';
import type { StepKind } from '../kind.ts';
import type { AnyStep } from '../step.ts';

/** Makes an empty overlay at the destination of a migration, through its storage pools. */
export interface OverlayStep extends AnyStep {
  readonly kind: 'overlay';
  readonly target: string;
  readonly file: string;
  readonly backing: { readonly path: string; readonly format: string };
  /** Bytes. */
  readonly virtualSize: number;
}

export const overlayStepKind: StepKind<OverlayStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  /** virsh has no command for an overlay of an image that is in no pool of its host. */
  command: ({ uris }, { hostId, file, backing, virtualSize }) => [
    { note: 'on-host', params: { uri: uris[hostId] ?? '' } },
    qemuImgCommand(
      ...['create', '-f', 'qcow2', '-b', backing.path, '-F', backing.format, file],
      String(virtualSize),
    ),
  ],
  text: (_, { file }) => ({ file }),
  files: ({ file }) => [file],
  leavesOnFailure: ({ file }) => [{ file, format: 'qcow2' }],
};
