import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidOf } from './daemon.ts';
import { hostOf, type Lab, type LabGuest } from './description.ts';
import { domainXml, type Source } from './domain-xml.ts';
import { hostFolders } from './folder.ts';
import type { DiskSpec, GuestSpec } from './guest-spec.ts';
import { GiB, type LayerSpec, MiB, makeLayers } from './image.ts';
import { socketsOf } from './linux.ts';
import { inParallel } from './parallel.ts';
import { busyRomOf, romOf } from './rom.ts';
import { virsh } from './virsh.ts';

/** Makes a guest with its images and brings it into the wanted state. `lab.guests` is left as it is. */
export async function createGuest(lab: Lab, spec: GuestSpec): Promise<LabGuest> {
  const host = hostOf(lab, spec.host ?? 'alpha');
  const wanted = spec.disks ?? [{ layers: 1 }];
  const disks = await inParallel(wanted.length, wanted, async (disk: DiskSpec) => {
    const target = disk.target ?? 'vda';
    const layers =
      typeof disk.layers === 'number' ? plainLayers(spec.name, target, disk.layers) : disk.layers;
    const paths = await makeLayers(lab, host, layers, disk.size ?? GiB);
    return { ...disk, target, layers, paths };
  });
  const uuid = uuidOf(`${host.name}/${spec.name}`);
  const sockets = socketsOf(lab, { host: host.name, name: spec.name });
  const hasBios = spec.boots === true || spec.linux !== undefined;
  const definition = join(hostFolders(lab.dir, host.name).root, `${uuid}.xml`);
  // With snapshot records to come, the guest starts its life on the image below the first of them.
  const recorded = disks.map(({ layers }) => layers.findIndex((layer) => layer.snapshot !== undefined));
  await writeFile(
    definition,
    domainXml({
      name: spec.name,
      uuid,
      // On a nested KVM a BIOS takes 13 s to its first write, and 2 s when QEMU translates.
      accelerator: hasBios ? 'tcg' : lab.accelerator,
      emulator: lab.emulator,
      machine: spec.machine ?? 'q35',
      rom: hasBios ? undefined : spec.busy ? busyRomOf(lab.dir) : romOf(lab.dir),
      hostCpu: spec.hostCpu,
      linux: spec.linux && { ...spec.linux, ...sockets },
      disks: disks.map(({ target, layers, paths, pool, discards = true }, index) => {
        const first = recorded[index] ?? -1;
        const top = first > 0 ? first - 1 : layers.length - 1;
        const source = sourceOf(paths[top] ?? '', layers[top]?.format ?? 'qcow2', pool);
        return { target, source, discards };
      }),
      cdrom: spec.cdrom,
      serial: spec.serial,
    }),
  );
  const commands = [`define ${definition}`];
  // A pool knows the volumes that were there when it was last looked through.
  for (const { pool } of disks) if (pool !== undefined) commands.push(`pool-refresh ${pool}`);
  const state = spec.state ?? 'running';
  if (state !== 'shut off') commands.push(`start ${uuid}${state === 'paused' ? ' --paused' : ''}`);
  for (const [index, { target, layers, paths }] of disks.entries()) {
    const first = recorded[index] ?? -1;
    for (const [level, layer] of first > 0 ? [...layers.entries()].slice(first) : []) {
      commands.push(snapshot(uuid, layer.snapshot, target, paths[level] ?? '', disks));
    }
  }
  await virsh(host, commands.join('; '));
  await rm(definition);
  return {
    host: host.name,
    name: spec.name,
    uuid,
    state,
    disks: disks.map(({ target, paths }) => ({ target, images: paths.toReversed() })),
    serial: spec.serial ?? null,
    files: [
      ...disks.flatMap(({ layers, paths }) => paths.filter((_, level) => !layers[level]?.existing)),
      ...(spec.serial === undefined ? [] : [spec.serial]),
      ...(spec.linux === undefined ? [] : Object.values(sockets)),
    ],
  };
}

/** Ends a guest and removes it, its snapshot records and the files that were made for it. */
export async function destroyGuest(lab: Lab, guest: LabGuest): Promise<void> {
  const host = hostOf(lab, guest.host);
  const state = await virsh(host, 'domstate', guest.uuid);
  if (state.trim() !== 'shut off') await virsh(host, 'destroy', guest.uuid);
  await virsh(host, 'undefine', guest.uuid, '--snapshots-metadata', '--checkpoints-metadata');
  await Promise.all(guest.files.map((path) => rm(path, { force: true })));
}

function plainLayers(guest: string, target: string, count: number): LayerSpec[] {
  return Array.from({ length: count }, (_, level) => ({
    file: `${guest}-${target}-${level}.qcow2`,
    writes: [{ pattern: 1 + (level % 255), offset: level * MiB, length: MiB }],
  }));
}

function sourceOf(path: string, format: string, pool: string | undefined): Source {
  return pool === undefined
    ? { path, format }
    : { pool, volume: path.slice(path.lastIndexOf('/') + 1), format };
}

/** Puts an image that is made already on top of a disk, with a snapshot record where one is named. */
function snapshot(
  guest: string,
  name: string | undefined,
  target: string,
  path: string,
  disks: readonly { target: string }[],
): string {
  const others = disks
    .filter((disk) => disk.target !== target)
    .map((disk) => `--diskspec ${disk.target},snapshot=no`);
  const record = name === undefined ? '--no-metadata' : `--name ${name}`;
  const how = ['--disk-only --reuse-external', record, `--diskspec ${target},file=${path}`, ...others].join(
    ' ',
  );
  return `snapshot-create-as ${guest} ${how}`;
}
