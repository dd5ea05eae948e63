import type { Capabilities } from '../fleet/capabilities.ts';
import { type Image, imageName } from '../fleet/image.ts';
import type { DiskCheck } from './check.ts';
import type { Found } from './finding.ts';

/** Traits of images that restrict what can be done with the chain. */
export const imageTraits: DiskCheck = ({ chain }, { capabilities }) => {
  const images = chain?.images ?? [];
  return [
    ...images.flatMap(internalSnapshots),
    ...images.flatMap(dataFile),
    ...extendedL2(images, capabilities),
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

/** Only the image that a pull writes into matters, see `extendedL2Aborts`. */
function extendedL2([active]: readonly Image[], { extendedL2Aborts }: Capabilities): readonly Found[] {
  if (active === undefined || !active.traits.extendedL2 || !extendedL2Aborts) return [];
  return [{ code: 'EXTENDED_L2', severity: 'note', image: active.key, params: { image: imageName(active) } }];
}
