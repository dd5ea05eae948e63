import { type Image, imageName } from '../fleet/image.ts';
import { pullAborts } from '../plans/flatten.ts';
import type { DiskCheck } from './check.ts';
import type { Found } from './finding.ts';

/** Traits of images that restrict what can be done with the chain. */
export const imageTraits: DiskCheck = ({ chain }, { qemuVersion }) => {
  const images = chain?.images ?? [];
  return [
    ...images.flatMap(internalSnapshots),
    ...images.flatMap(dataFile),
    ...extendedL2(images, qemuVersion),
  ];
};

function internalSnapshots(image: Image): readonly Found[] {
  const count = image.traits.internalSnapshots;
  if (count === 0) return [];
  const params = { image: imageName(image), count };
  return [{ code: 'INTERNAL_SNAPSHOTS', severity: 'note', image: image.key, params }];
}

function dataFile(image: Image): readonly Found[] {
  if (!image.traits.dataFile) return [];
  return [{ code: 'DATA_FILE', severity: 'note', image: image.key, params: { image: imageName(image) } }];
}

/** Only the image that a pull writes into matters, see `pullAborts`. */
function extendedL2([active]: readonly Image[], qemuVersion: string | null): readonly Found[] {
  if (active === undefined || !active.traits.extendedL2 || !pullAborts(qemuVersion)) return [];
  const params = { image: imageName(active), qemu: qemuVersion ?? '?' };
  return [{ code: 'EXTENDED_L2', severity: 'note', image: active.key, params }];
}
