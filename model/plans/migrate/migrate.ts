import { mostPulled } from '../../cost/cost.ts';
import { freedLater } from '../../cost/freed-later.ts';
import { predictionFacts, together } from '../../cost/prediction.ts';
import { predictPullIntoNew } from '../../cost/pull-prediction.ts';
import { capabilitiesFor } from '../../fleet/capabilities.ts';
import { type Chain, fingerprint, keys } from '../../fleet/chain.ts';
import type { GuestRef } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type ImageUser, otherUsers } from '../../fleet/sharing.ts';
import { type ForgetStep, forgetWarnings, inForgettingOrder } from '../forget.ts';
import { spaceRefusals } from '../image-warnings.ts';
import type { PlanOf } from '../plan.ts';
import { type Cost, type DiskPlan, type ImageCost, NO_COST } from '../plan.ts';
import { flushKindOf, type PullStep } from '../pull.ts';
import { migrationRefusals, migrationWarnings } from './migrate-checks.ts';
import type { MigrateIntent } from './migrate-intent.ts';
import type { MigrateStep } from './migrate-step.ts';
import type { MigrationFacts } from './migration-facts.ts';
import { type MovedDisk, movedDisks } from './moved-disk.ts';
import type { OverlayStep } from './overlay-step.ts';

/** The steps that a migration may have. */
export type MigrationStep = ForgetStep | OverlayStep | MigrateStep | PullStep;

/**
 * The plan that moves a running guest to another host: it makes an empty overlay over each disk's chain there,
 * migrates the guest to these overlays, and then pulls all data into them. The images of the source are only read
 * after the switch.
 */
export function planMigration(
  guest: Guest,
  intent: MigrateIntent,
  facts: MigrationFacts,
): PlanOf<MigrateIntent, MigrationStep> {
  const { hostId, uuid } = guest;
  const moved = movedDisks(guest, facts);
  const steps = stepsOf(guest, intent, facts, moved);
  const cost = intent.pull ? costOf(guest, moved, steps, facts) : NO_COST;
  return {
    hostId,
    guest: { hostId, uuid },
    guestName: guest.name,
    uris: { [hostId]: facts.source.uri, [facts.destination.id]: facts.destination.uri },
    intent,
    fingerprint: JSON.stringify([
      facts.destination.id,
      guest.records.map(({ name }) => name),
      ...guest.disks.map(({ target, chain }) => [target, chain && fingerprint(chain)]),
      // The intent does not have the proposed paths.
      ...moved.map(({ there: { file, from } }) => [file, from]),
    ]),
    disks: moved.map((one) => diskPlanOf(one, intent)),
    wholeGuest: true,
    steps,
    cost,
    refusals: [...migrationRefusals(guest, intent, facts, moved), ...spaceRefusals(cost)],
    warnings: [
      ...migrationWarnings(guest, intent, facts, moved, cost),
      ...(intent.forgetFirst && guest.reverts !== null ? forgetWarnings(guest, guest.records) : []),
    ],
    otherUsers: moved.flatMap(({ disk, now }): readonly ImageUser[] =>
      otherUsers({ hostId, uuid, target: disk.target }, now, facts.users),
    ),
  };
}

function diskPlanOf({ disk, now, over }: MovedDisk, { pull }: MigrateIntent): DiskPlan {
  return {
    target: disk.target,
    now,
    after: pull ? { images: over.images.slice(0, 1) } : over,
    merged: pull ? [...keys(now)] : [],
  };
}

function stepsOf(
  guest: Guest,
  intent: MigrateIntent,
  facts: MigrationFacts,
  moved: readonly MovedDisk[],
): readonly MigrationStep[] {
  const { hostId } = guest;
  const to = facts.destination.id;
  const names = inForgettingOrder(
    guest,
    guest.records.map(({ name }) => name),
  );
  const overlays = moved.map(
    ({ disk: { target }, active, there }): OverlayStep => ({
      kind: 'overlay',
      hostId: to,
      target,
      file: there.file,
      backing: { path: there.from, format: active.format ?? 'raw' },
      virtualSize: active.virtualSize ?? 0,
    }),
  );
  const migrate: MigrateStep = {
    kind: 'migrate',
    hostId,
    to,
    destinationUri: 'code' in facts.route ? facts.destination.uri : facts.route.destinationUri,
    migrateUri: 'code' in facts.route ? null : facts.route.migrateUri,
    disks: moved.map(({ disk: { target }, there: { file } }) => ({ target, file })),
  };
  const pulls = moved.map(
    ({ disk: { target }, there, over }): PullStep => ({
      kind: 'pull',
      hostId: to,
      target,
      base: null,
      before: keys(over),
      after: [there.file],
      flush: flushKindOf(capabilitiesFor(facts.destination.capabilities, guest)),
    }),
  );
  return [
    ...(intent.forgetFirst && names.length > 0 ? [{ kind: 'forget', hostId, names } as const] : []),
    ...overlays,
    migrate,
    ...(intent.pull ? pulls : []),
  ];
}

/** The cost of all images, with the least free space of their folders. */
function costOf(
  { hostId, uuid }: GuestRef,
  moved: readonly MovedDisk[],
  steps: readonly MigrationStep[],
  facts: MigrationFacts,
): Cost {
  const { capabilities } = facts.destination;
  const images = moved.map(({ disk, over, now, there }): ImageCost => {
    const maps = mapsThere(over, now, facts);
    const atMost = mostPulled(over, over.images.slice(1), maps);
    const predicted = predictPullIntoNew(
      over,
      over.images.length,
      atMost,
      predictionFacts({ maps, guestRuns: true, capabilities }, disk),
    );
    return {
      atMost,
      predicted,
      freeSpace: there.fileSystem.freeSpace,
      into: there.file.split('/').at(-1) ?? null,
    };
  });
  const most = images.map(({ atMost }) => atMost).filter((bytes) => bytes !== null);
  const freeSpaces = images.map(({ freeSpace }) => freeSpace).filter((freeSpace) => freeSpace !== null);
  const freed = moved.map(({ disk: { target }, now }) =>
    freedLater({ hostId, uuid, target }, now, { images: [] }, facts.users),
  );
  const [least = null] = freeSpaces.toSorted((a, b) => a.free - b.free);
  return {
    atMost: most.length < images.length ? null : most.reduce((sum, bytes) => sum + bytes, 0),
    predicted: together(images.map(({ predicted = null }) => predicted)),
    freeSpace: freeSpaces.length < images.length ? null : least,
    into: images.length === 0 ? null : images.map(({ into }) => into).join(', '),
    freed: freed.some((bytes) => bytes === null)
      ? null
      : freed.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    images,
    steps: steps.map((step) => {
      if (step.kind !== 'pull') return null;
      return images[moved.findIndex(({ disk }) => disk.target === step.target)] ?? null;
    }),
  };
}

/** The allocation maps of the images, by their keys at the destination. */
function mapsThere(over: Chain, now: Chain, { maps }: MigrationFacts): MigrationFacts['maps'] {
  const there = new Map<string, NonNullable<ReturnType<typeof maps.get>>>();
  for (const [i, { key }] of now.images.entries()) {
    const map = maps.get(key);
    const image = over.images[i + 1];
    if (map !== undefined && image !== undefined) there.set(image.key, map);
  }
  return there;
}
