import type { Chain } from './chain.ts';
import type { Dependents } from './dependents.ts';
import { type Problem, problem } from './problem.ts';

/** So many are named; of more their number is told. */
const NAMED = 5;

/** What is said where a merge writes into an image. */
const MERGED = { shared: 'SHARED_WRITTEN', record: 'RECORD_WRITTEN', backing: 'BACKING_WRITTEN' };

/** Why images may not be written or dropped from under those who rest on them, with their names; one for each image. */
export function sharedRefusals(
  { users, records, overlays, lost }: Pick<Dependents, 'users' | 'records' | 'overlays' | 'lost'>,
  { images }: Chain,
  codes = MERGED,
): readonly Problem[] {
  return images.flatMap(({ key: image }) => {
    const disks = users.filter((user) => user.image === image);
    const recorded = records.filter((record) => record.image === image);
    const files = overlays.filter((overlay) => overlay.image === image);
    const away = lost.filter((user) => user.image === image);
    return [
      ...(disks.length === 0 ? [] : [problem(codes.shared, { image, guests: named(disks.map(nameOf)) })]),
      ...(recorded.length === 0
        ? []
        : [problem(codes.record, { image, records: named(recorded.map(recordOf)) })]),
      ...(files.length === 0
        ? []
        : [problem(codes.backing, { image, files: named(files.map(({ path }) => path)) })]),
      ...(away.length === 0
        ? []
        : [problem('USERS_ON_LOST_HOST', { image, guests: named(away.map(nameOf)) })]),
    ];
  });
}

/** What could not be looked at, so that somebody may rest on the images all the same. */
export function unsureWarnings({ unsure, elsewhere, unseen, onlyPools }: Dependents): readonly Problem[] {
  return [
    ...(unsure.length === 0 ? [] : [problem('USERS_UNSURE', { guests: named(unsure.map(nameOf)) })]),
    ...(elsewhere.length === 0 ? [] : [problem('USERS_ELSEWHERE', { guests: named(elsewhere.map(nameOf)) })]),
    ...unseen,
    ...(onlyPools ? [problem('ONLY_POOLS_SEEN')] : []),
  ];
}

function nameOf({ guestName, target }: { readonly guestName: string; readonly target: string }): string {
  return `${guestName} (${target})`;
}

function recordOf({ guestName, record }: { readonly guestName: string; readonly record: string }): string {
  return `${guestName}: ${record}`;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} +${names.length - NAMED}` : shown;
}
