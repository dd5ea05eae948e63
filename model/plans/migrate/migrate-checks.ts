import { tooDeep } from '../../fleet/depth.ts';
import { destinationRefusals, folderOf, pathProblem } from '../../fleet/destination.ts';
import type { Disk } from '../../fleet/disk.ts';
import { type Guest, isActive } from '../../fleet/guest.ts';
import type { SharedImage } from '../../fleet/guest-location.ts';
import { imageName } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { spaceWarnings } from '../image-warnings.ts';
import type { Cost } from '../plan.ts';
import type { MigrateIntent } from './migrate-intent.ts';
import type { MigrationFacts } from './migration-facts.ts';
import { type MovedDisk, movesStorage } from './moved-disk.ts';

/** Why the guest can't be migrated. Refusals about the guest come before those about a disk. */
export function migrationRefusals(
  guest: Guest,
  intent: MigrateIntent,
  facts: MigrationFacts,
  moved: readonly MovedDisk[],
): readonly Problem[] {
  const { source, destination, route, cpu, namesake } = facts;
  const host = destination.name;
  if (destination.id === source.id) return [problem('MIGRATE_SAME_HOST', { guest: guest.name, host })];
  if (destination.state !== 'connected') return [problem('NOT_CONNECTED', { host })];
  const found: Problem[] = [];
  if (!isActive(guest)) found.push(problem('MIGRATE_NOT_RUNNING', { guest: guest.name }));
  if ('code' in route) found.push(route);
  if (namesake !== null) {
    const code = namesake.uuid === guest.uuid ? 'GUEST_KNOWN_THERE' : 'GUEST_NAME_TAKEN';
    found.push(problem(code, { guest: guest.name, host }));
  }
  if (cpu?.code === 'CPU_INCOMPATIBLE') found.push(cpu);
  const count = guest.records.length;
  if (count > 0 && !intent.forgetFirst) found.push(problem('RECORDS_PREVENT_MIGRATION', { count }));
  for (const { target } of intent.disks) {
    const disk = guest.disks.find((one) => one.target === target);
    if (disk === undefined) found.push(problem('DISK_UNKNOWN', { guest: guest.name, target }));
    else if (!movesStorage(disk)) found.push(problem('DISK_STAYS', { target }));
  }
  for (const disk of guest.disks) {
    if (disk.job) found.push(problem('JOB_RUNNING', { target: disk.target, job: disk.job.kind }));
    if (disk.problem) found.push(disk.problem);
    if (movesStorage(disk)) {
      // Without a path to propose, the destination was not searched for it.
      if (!facts.disks.has(disk.target)) found.push(problem('NO_POOL_THERE', { host, target: disk.target }));
    } else if (isBound(disk)) found.push(problem('DISK_BOUND', { target: disk.target }));
  }
  for (const { target, chain } of guest.disks) {
    const there = moved.find(({ disk }) => disk.target === target)?.over ?? chain;
    const depth = there && tooDeep(there, destination.capabilities);
    if (depth !== null) found.push(problem('CHAIN_TOO_DEEP_THERE', { target, ...depth, host }));
  }
  for (const images of facts.kept.values()) found.push(...imageRefusals(images, host));
  for (const one of moved) found.push(...diskRefusals(one, host, moved));
  return found;
}

function diskRefusals(one: MovedDisk, host: string, moved: readonly MovedDisk[]): readonly Problem[] {
  const { active, there, now } = one;
  const { file, from, fileSystem, pool, images } = there;
  const found = [...destinationRefusals(file, fileSystem)];
  if (pathProblem(file) === null) {
    if (pool === null) found.push(problem('DESTINATION_NOT_IN_POOL', { folder: folderOf(file), host }));
    if (moved.some((other) => other !== one && other.there.file === file)) {
      found.push(problem('DESTINATION_TWICE', { path: file }));
    }
  }
  const wrong = pathProblem(from);
  if (wrong !== null) found.push(wrong);
  else found.push(...imageRefusals(images, host));
  const image = imageName(active);
  if (active.format === null) found.push(problem('FORMAT_UNKNOWN', { image }));
  if (active.virtualSize === null) found.push(problem('VIRTUAL_SIZE_UNKNOWN', { image }));
  for (const encrypted of now.images.filter(({ traits }) => traits.encrypted)) {
    found.push(problem('ENCRYPTED_IMAGE', { image: imageName(encrypted) }));
  }
  return found;
}

/**
 * Whether the same name means another disk at the destination: a volume of another pool, a device of another
 * machine.
 */
function isBound({ device, readOnly, chain }: Disk): boolean {
  const source = chain?.images[0]?.source;
  if (source === undefined || source.kind === 'network') return false;
  return device === 'lun' || source.kind === 'volume' || (source.kind === 'block' && !readOnly);
}

/** On another image, the guest's data would be lost, so every difference is refused. */
function imageRefusals(images: readonly SharedImage[], host: string): readonly Problem[] {
  return images.flatMap(({ there, imageIdentity }) => {
    if (imageIdentity === 'missing') return [problem('IMAGE_NOT_THERE', { path: there, host })];
    return imageIdentity === 'different' ? [problem('IMAGE_DIFFERS', { path: there, host })] : [];
  });
}

/** Warnings before the start. */
export function migrationWarnings(
  guest: Guest,
  intent: MigrateIntent,
  facts: MigrationFacts,
  moved: readonly MovedDisk[],
  cost: Cost,
): readonly Problem[] {
  const host = facts.destination.name;
  const found: Problem[] = [];
  if (facts.cpu !== null && facts.cpu.code !== 'CPU_INCOMPATIBLE') found.push(facts.cpu);
  const shared = [...moved.flatMap(({ there }) => there.images), ...[...facts.kept.values()].flat()];
  const unsure = shared.filter(({ imageIdentity }) => imageIdentity === 'unknown').map(({ there }) => there);
  if (unsure.length > 0) found.push(problem('IMAGE_NOT_COMPARED', { images: unsure.join(', '), host }));
  for (const { target, chain } of guest.disks) {
    if (chain?.images[0]?.source.kind === 'network')
      found.push(problem('NETWORK_DISK_STAYS', { target, host }));
  }
  for (const image of moved.flatMap(({ now }) => now.images)) {
    const { internalSnapshots: count, dataFile } = image.traits;
    if (count > 0) found.push(problem('INTERNAL_SNAPSHOTS_STAY', { image: imageName(image), count }));
    if (dataFile) found.push(problem('DATA_FILE_THERE', { image: imageName(image), host }));
  }
  for (const { there } of moved) {
    if (there.fileSystem.inMemory === true)
      found.push(problem('DESTINATION_IN_MEMORY', { folder: folderOf(there.file) }));
  }
  if (!intent.pull) found.push(problem('STORAGE_STAYS_BEHIND', { guest: guest.name }));
  return [...found, ...spaceWarnings(cost)];
}
