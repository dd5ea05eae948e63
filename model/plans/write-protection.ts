import { type Chain, keys } from '../fleet/chain.ts';
import { imageName } from '../fleet/image.ts';
import { type Problem, problem } from '../problem.ts';
import { writtenBelow } from './written-images.ts';

/**
 * Refuses a commit that writes an image whose mode lets nobody write it. If that is the base, QEMU would refuse. If it is the image
 * above those that merge, QEMU ends when it is about to write its header, and the guest with it; tried with QEMU 7.2, 10.0 and
 * 11.1. With 11.1, where that was looked at, no data was lost. The active image may be written anyway, since QEMU has it open.
 */
export function protectionRefusals(before: Chain, after: Chain): readonly Problem[] {
  const written = writtenBelow({ before: keys(before), after: keys(after) });
  return before.images
    .filter(({ key, writeProtected }) => writeProtected && written.includes(key))
    .map((image) =>
      problem('WRITE_PROTECTED', {
        image: imageName(image),
        as: image.key === written.at(-1) ? 'base' : 'header',
      }),
    );
}
