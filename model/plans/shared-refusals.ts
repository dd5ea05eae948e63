import type { Chain } from '../fleet/chain.ts';
import type { DependentFile, Dependents } from '../fleet/dependents.ts';
import { type Problem, problem } from '../problem.ts';
import type { ProblemCode } from '../problem-code.ts';

/** How many are named; the others are counted. */
const NAMED = 5;

/** The code of the refusal for each kind of user. */
type SharedCodes = Readonly<Record<'shared' | 'record' | 'backing' | 'left', ProblemCode>>;

/** The codes for a merge, which writes into the image. */
const MERGED: SharedCodes = {
  shared: 'SHARED_WRITTEN',
  record: 'RECORD_WRITTEN',
  backing: 'BACKING_WRITTEN',
  left: 'LEFTOVER_DEPENDS',
};

/**
 * Why images must not be written or leave the chain: the names of those that depend on them, one refusal for each
 * image.
 */
export function sharedRefusals(
  {
    users,
    records,
    overlays,
    lost,
    silent,
  }: Pick<Dependents, 'users' | 'records' | 'overlays' | 'lost' | 'silent'>,
  { images }: Chain,
  codes = MERGED,
): readonly Problem[] {
  const found = images.flatMap(({ key: image }) => {
    const disks = users.filter((user) => user.image === image);
    const recorded = records.filter((record) => record.image === image);
    const files = overlays.filter((overlay) => overlay.image === image);
    const [left, others] = [files.filter((file) => file.left), files.filter((file) => !file.left)];
    const away = lost.filter((user) => user.image === image);
    return [
      ...(disks.length === 0 ? [] : [problem(codes.shared, { image, guests: named(disks.map(nameOf)) })]),
      ...(recorded.length === 0
        ? []
        : [problem(codes.record, { image, records: named(recorded.map(recordOf)) })]),
      ...(others.length === 0
        ? []
        : [problem(codes.backing, { image, files: named(others.map(({ path }) => path)) })]),
      ...byOperation(image, left, codes.left),
      ...(away.length === 0
        ? []
        : [problem('USERS_ON_LOST_HOST', { image, guests: named(away.map(nameOf)) })]),
    ];
  });
  return [...silentRefusals({ silent }), ...found];
}

/** Why no image may be written while guests don't say which they use. */
export function silentRefusals({ silent }: Pick<Dependents, 'silent'>): readonly Problem[] {
  return silent.length === 0 ? [] : [problem('USERS_SILENT', { guests: named(silent) })];
}

/** Warnings about what could not be read, and may depend on the images too. */
export function unsureWarnings({
  unsure,
  elsewhere,
  overlaysElsewhere,
  unread,
  onlyPools,
}: Dependents): readonly Problem[] {
  return [
    ...(unsure.length === 0 ? [] : [problem('USERS_UNKNOWN', { guests: named(unsure.map(nameOf)) })]),
    ...(elsewhere.length === 0 ? [] : [problem('USERS_ELSEWHERE', { guests: named(elsewhere.map(nameOf)) })]),
    ...(overlaysElsewhere.length === 0
      ? []
      : [problem('BACKING_ELSEWHERE', { files: named(overlaysElsewhere) })]),
    ...unread,
    ...(onlyPools ? [problem('ONLY_POOLS_READ')] : []),
  ];
}

/** Files that operations left behind and that name one of the images, one problem for each operation. */
export function leftoversOn(
  { overlays }: Pick<Dependents, 'overlays'>,
  { images }: Chain,
  code: ProblemCode,
): readonly Problem[] {
  return images.flatMap(({ key }) =>
    byOperation(
      key,
      overlays.filter(({ image, left }) => image === key && left !== undefined),
      code,
    ),
  );
}

function byOperation(image: string, files: readonly DependentFile[], code: ProblemCode): readonly Problem[] {
  return [...Map.groupBy(files, ({ left }) => left?.operationId).values()].flatMap((all) => {
    const left = all[0]?.left;
    if (left === undefined) return [];
    const { operationId: operation, hostId, intent, guestName } = left;
    const names = named(all.map(({ path }) => path));
    return [
      problem(code, {
        image,
        files: names,
        count: all.length,
        operation,
        hostId,
        intent,
        guest: guestName ?? '',
      }),
    ];
  });
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
