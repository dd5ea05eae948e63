import { DEEP } from '../fleet/chain.ts';
import type { Disk } from '../fleet/disk.ts';
import { type Guest, isActive } from '../fleet/guest.ts';
import { type Image, imageName } from '../fleet/image.ts';
import { pullAborts } from '../plans/flatten.ts';
import type { Found } from './finding.ts';

/** What a chain shows by itself, as libvirt has it. */
export function chainFindings(guest: Guest, disk: Disk, qemuVersion: string | null): readonly Found[] {
  const images = disk.chain?.images ?? [];
  const missing = images.filter((image) => image.missing);
  return [
    ...missing.map((image) => missingImage(image, isActive(guest))),
    ...(disk.problem === null || missing.length > 0
      ? []
      : [{ code: 'UNREADABLE', severity: 'bad', problem: disk.problem } as const]),
    ...deep(disk),
    ...sizes(images),
    ...images.flatMap(traits),
    ...extendedL2(images, qemuVersion),
  ];
}

/** A guest that runs may hold the file open still: a flatten then saves what is in it. */
function missingImage(image: Image, runs: boolean): Found {
  const params = { image: imageName(image), runs: String(runs) };
  return { code: 'IMAGE_MISSING', severity: 'bad', image: image.key, params };
}

function deep({ target, chain }: Disk): readonly Found[] {
  const depth = chain?.images.length ?? 0;
  if (depth < DEEP) return [];
  return [{ code: 'DEEP', severity: 'warn', params: { depth }, fix: { kind: 'flatten', target } }];
}

/** The first place, from the active image down, where the size changes. */
function sizes(images: readonly Image[]): readonly Found[] {
  for (const [i, image] of images.entries()) {
    const below = images[i + 1];
    const [size, lower] = [image.virtualSize, below?.virtualSize ?? null];
    if (below === undefined || size === null || lower === null || size === lower) continue;
    const params = { image: imageName(image), below: imageName(below), size, lower };
    return [{ code: 'SIZES_DIFFER', severity: 'note', params: { ...params, longer: String(size > lower) } }];
  }
  return [];
}

function traits(image: Image): readonly Found[] {
  const { internalSnapshots: count, dataFile } = image.traits;
  const named = { image: imageName(image) };
  return [
    ...(count === 0
      ? []
      : [
          {
            code: 'INTERNAL_SNAPSHOTS',
            severity: 'note',
            image: image.key,
            params: { ...named, count },
          } as const,
        ]),
    ...(dataFile ? [{ code: 'DATA_FILE', severity: 'note', image: image.key, params: named } as const] : []),
  ];
}

/** Only what a pull writes into matters, see `pullAborts`. */
function extendedL2([active]: readonly Image[], qemuVersion: string | null): readonly Found[] {
  if (active === undefined || !active.traits.extendedL2 || !pullAborts(qemuVersion)) return [];
  const params = { image: imageName(active), qemu: qemuVersion ?? '?' };
  return [{ code: 'EXTENDED_L2', severity: 'note', image: active.key, params }];
}
