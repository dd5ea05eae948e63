import { activeOf, type Chain, fingerprint, flattened, keys, mergedToward, positionOf } from './chain.ts';
import { mostPulled } from './cost.ts';
import type { Disk, GuestRef } from './guest.ts';
import { type Image, imageName } from './image.ts';
import type { FlattenIntent } from './intent.ts';
import type { Cost, Plan, PlanFacts } from './plan.ts';
import { type Problem, problem } from './problem.ts';
import { otherUsers } from './sharing.ts';
import { isStale } from './snapshot-record.ts';

/**
 * The plan that merges everything between the active image and the intent's base into the active one by a pull.
 * Nothing below the active image is written, so shared images are safe.
 */
export function planFlatten(guest: GuestRef, disk: Disk, intent: FlattenIntent, facts: PlanFacts): Plan {
  const { base } = intent;
  const { target } = disk;
  const now = disk.chain ?? { images: [] };
  const after = flattened(now, base);
  const merged = mergedToward(now, base);
  const active = activeOf(now);
  const cost = {
    atMost: mostPulled(now, merged, facts.maps),
    room: facts.room,
    into: active && imageName(active),
  };
  return {
    guest,
    uris: { [guest.hostId]: facts.uri },
    guestName: facts.guestName,
    intent,
    fingerprint: fingerprint(now),
    disks: [{ target, now, after, merged: merged.map(({ key }) => key) }],
    wholeGuest: false,
    steps: [{ kind: 'pull', hostId: guest.hostId, target, base, before: keys(now), after: keys(after) }],
    cost,
    refusals: refusals(disk, now, base, facts),
    warnings: [...warnings(now, merged, cost), ...recordsGoingStale(disk, after, facts)],
    others: otherUsers({ ...guest, target }, now, facts.users),
  };
}

function refusals(disk: Disk, now: Chain, base: string | null, facts: PlanFacts): readonly Problem[] {
  const active = activeOf(now);
  if (active === null) return [disk.problem ?? problem('DISK_EMPTY', { target: disk.target })];
  const found: Problem[] = [];
  const at = base === null ? now.images.length : positionOf(now, base);
  if (at === -1) found.push(problem('BASE_NOT_IN_CHAIN', { base: base ?? '' }));
  else if (now.images.length === 1) found.push(problem('ONLY_IMAGE', { image: imageName(active) }));
  else if (at === 0) found.push(problem('BASE_IS_ACTIVE'));
  else if (at === 1) found.push(problem('NOTHING_TO_MERGE', { base: base ?? '' }));
  if (!facts.guestRuns) found.push(problem('GUEST_NOT_RUNNING', { guest: facts.guestName }));
  if (disk.readOnly) found.push(problem('READ_ONLY', { target: disk.target }));
  if (disk.job) found.push(problem('JOB_RUNNING', { target: disk.target, job: disk.job.kind }));
  if (disk.problem) found.push(disk.problem);
  // A pull into or across an image takes the backing data away from under its internal snapshots.
  for (const image of now.images.slice(0, Math.max(at, 1))) {
    const count = image.traits.internalSnapshots;
    if (count > 0) found.push(problem('INTERNAL_SNAPSHOTS', { image: imageName(image), count }));
  }
  const [, first] = now.images;
  const stays = now.images[at];
  if (first && stays && at > 1 && showsThrough(active, first, stays)) {
    found.push(problem('BASE_SHOWS_THROUGH', { image: imageName(first), base: imageName(stays) }));
  }
  if (active.traits.extendedL2 && pullAborts(facts.qemuVersion)) {
    found.push(problem('EXTENDED_L2', { image: imageName(active), qemu: facts.qemuVersion ?? '?' }));
  }
  return found;
}

/**
 * Whether a pull would bring data of the base to light that nobody reads before. Beyond the end of the image below the active
 * one QEMU's pull takes everything for done (`stream_run`, block/stream.c), though zeros would have to hide a longer base.
 * Tried with QEMU 7.2.22: what the guest reads there changes.
 */
export function showsThrough(active: Image, below: Image, base: Image): boolean {
  const [own, end, hidden] = [active.virtualSize, below.virtualSize, base.virtualSize];
  return own !== null && end !== null && hidden !== null && end < Math.min(own, hidden);
}

/**
 * Whether this QEMU may die of a pull into an image with extended L2 entries. QEMU 7.2.22 does (tried in November 2026):
 * with 2 KiB written at the start of a 64 KiB cluster, `bdrv_co_do_copy_on_readv: Assertion 'skip_bytes < pnum' failed`
 * ends it, while with writes elsewhere, or none, the same pull goes well. Requests are aligned to subclusters since 8.2.
 * A version that nobody knows counts as an old one.
 */
export function pullAborts(qemuVersion: string | null): boolean {
  const [major, minor] = (qemuVersion ?? '').split('.').map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major + minor)) return true;
  return major < 8 || (major === 8 && minor < 2);
}

function warnings(now: Chain, merged: readonly Image[], cost: Cost): Problem[] {
  const found: Problem[] = [];
  const touched = [...now.images.slice(0, 1), ...merged];
  for (const image of touched) {
    const named = { image: imageName(image) };
    if (image.missing) found.push(problem('IMAGE_GONE', named));
    else if (!image.traits.known) found.push(problem('NOT_INSPECTED', named));
    if (image.traits.dataFile) found.push(problem('DATA_FILE', named));
  }
  if (cost.atMost === null) found.push(problem('SIZE_UNKNOWN'));
  else if (cost.room !== null && cost.room < cost.atMost) {
    found.push(problem('LITTLE_ROOM', { needed: cost.atMost, room: cost.room }));
  }
  return found;
}

function recordsGoingStale(disk: Disk, after: Chain, facts: PlanFacts): Problem[] {
  return facts.records
    .filter((record) => !isStale(record, [disk]) && isStale(record, [{ ...disk, chain: after }]))
    .map((record) => problem('RECORD_STALE', { name: record.name }));
}
