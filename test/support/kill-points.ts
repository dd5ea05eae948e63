import { inject } from 'vitest';

/** How many of its points a case is killed at: `all` in `npm run test:kills`, `some` in `npm test`. */
export type Extent = 'all' | 'some';

declare module 'vitest' {
  interface ProvidedContext {
    /** As the project that runs says, in `vitest.config.ts`. */
    kills: Extent;
  }
}

const SHARE = 4;

/**
 * Every fourth point, and at least one. Each turn begins at another point, so that four cases with the same points are killed
 * at all of them together.
 */
export function killPoints<Point>(
  points: readonly Point[],
  turn: number,
  extent: Extent = inject('kills'),
): readonly Point[] {
  const share = Math.min(SHARE, points.length);
  return extent === 'all' ? points : points.filter((_, at) => (at + turn) % share === 0);
}

/**
 * The same for each of some cases, with the first point of each kind that this would leave out.
 * @param kindOf what distinguishes a kind of points
 */
export function killPointsOfAll<Point>(
  cases: readonly (readonly Point[])[],
  kindOf: (point: Point) => string,
  extent: Extent = inject('kills'),
): readonly (readonly Point[])[] {
  const chosen = cases.map((points, turn) => killPoints(points, turn, extent));
  const kinds = new Set(chosen.flat().map(kindOf));
  return cases.map((points, i) =>
    points.filter((point) => {
      const isNew = !kinds.has(kindOf(point));
      kinds.add(kindOf(point));
      return isNew || chosen[i]?.includes(point);
    }),
  );
}
