import { imageName } from '../fleet/image.ts';
import type { DiskCheck } from './check.ts';

/** The first image, from the active one down, whose backing image has another virtual size. */
export const sizes: DiskCheck = ({ chain }) => {
  const images = chain?.images ?? [];
  for (const [i, image] of images.entries()) {
    const below = images[i + 1];
    const [size, lower] = [image.virtualSize, below?.virtualSize ?? null];
    if (below === undefined || size === null || lower === null || size === lower) continue;
    const params = { image: imageName(image), below: imageName(below), size, lower };
    return [{ code: 'SIZES_DIFFER', severity: 'note', params: { ...params, longer: String(size > lower) } }];
  }
  return [];
};
