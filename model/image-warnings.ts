import { type Image, imageName } from './image.ts';
import type { Cost } from './plan.ts';
import { type Problem, problem } from './problem.ts';

/** What the operator should know of images whose data is read or written. */
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

/** What the operator should know of the room that there is. */
export function roomWarnings({ atMost, room }: Cost): readonly Problem[] {
  if (atMost === null) return [problem('SIZE_UNKNOWN')];
  return room !== null && room < atMost ? [problem('LITTLE_ROOM', { needed: atMost, room })] : [];
}
