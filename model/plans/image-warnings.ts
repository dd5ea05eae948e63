import { type FreeSpace, spare } from '../fleet/free-space.ts';
import { type Image, imageName } from '../fleet/image.ts';
import { type Problem, problem } from '../problem.ts';
import type { Cost, ImageCost } from './plan.ts';

/** Warnings about images whose data is read or written. */
export function imageWarnings(images: readonly Image[]): readonly Problem[] {
  const found: Problem[] = [];
  for (const image of images) {
    const named = { image: imageName(image) };
    if (image.missing) found.push(problem('IMAGE_GONE', named));
    else if (!image.traits.known) found.push(problem('NOT_INSPECTED', named));
    if (image.traits.dataFile) found.push(problem('DATA_FILE', named));
  }
  return found;
}

/** Refusals where the least that is written would use the reserve of a file system. */
export function spaceRefusals(cost: Cost): readonly Problem[] {
  return needsOf(cost)
    .filter(({ least, freeSpace }) => least > 0 && least > spare(freeSpace))
    .map(({ least, freeSpace }) => problem('NO_SPACE', { needed: least, ...figures(freeSpace) }));
}

/** Warnings where the most that is written would use the reserve of a file system, or is unknown. */
export function spaceWarnings(cost: Cost): readonly Problem[] {
  const unknown = imageCosts(cost).some((one) => mostOf(one) === null);
  return [
    ...(unknown ? [problem('SIZE_UNKNOWN')] : []),
    ...needsOf(cost)
      .filter(
        ({ least, most, freeSpace }) => most > spare(freeSpace) && !(least > 0 && least > spare(freeSpace)),
      )
      .map(({ most, freeSpace }) => problem('LITTLE_SPACE', { needed: most, ...figures(freeSpace) })),
  ];
}

/**
 * Warnings about images that are made in the reserve: the guest's later writes go there, and nothing stops them.
 */
export function reserveWarnings(cost: Cost): readonly Problem[] {
  return needsOf(cost)
    .filter(({ most, freeSpace }) => most > spare(freeSpace))
    .map(({ freeSpace }) => problem('IN_RESERVE', figures(freeSpace)));
}

/** Bytes that are written on one file system, by all images there. */
interface Need {
  readonly least: number;
  readonly most: number;
  readonly freeSpace: FreeSpace;
}

/** One for each file system that is written to and could be measured. */
function needsOf(cost: Cost): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const one of imageCosts(cost)) {
    const { freeSpace, predicted } = one;
    if (freeSpace === null) continue;
    const before = needs.get(freeSpace.fileSystem) ?? { least: 0, most: 0, freeSpace };
    const least = before.least + (predicted?.least ?? 0);
    needs.set(freeSpace.fileSystem, { least, most: before.most + (mostOf(one) ?? 0), freeSpace });
  }
  return [...needs.values()].filter(({ most }) => most > 0);
}

function imageCosts(cost: Cost): readonly ImageCost[] {
  return cost.images ?? [cost];
}

function mostOf({ predicted, atMost }: ImageCost): number | null {
  return predicted?.most ?? atMost;
}

function figures({ fileSystem, free, reserve }: FreeSpace): Problem['params'] {
  return { fileSystem, freeSpace: free, reserve };
}
