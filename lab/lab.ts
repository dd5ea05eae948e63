import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccelerator, findEmulator } from './accelerator.ts';
import { type Entry, type GuestSet, select } from './catalogue.ts';
import * as daemon from './daemon.ts';
import { deepest } from './deepest.ts';
import { type Lab, type LabGuest, type LabHost, note } from './description.ts';
import { down, mark } from './down.ts';
import * as fileSystems from './file-systems.ts';
import { cacheFolder, defaultDir, HOSTS, hostFolders, labDir } from './folder.ts';
import { createGuest } from './guest.ts';
import { handOver, type Namespace, open } from './namespace.ts';
import { inParallel } from './parallel.ts';
import { makeRom } from './rom.ts';
import { virsh } from './virsh.ts';

export {
  guestOf,
  hostOf,
  type Lab,
  type LabDisk,
  type LabGuest,
  type LabHost,
  read,
  tinyOf,
} from './description.ts';
export { down } from './down.ts';
export { defaultDir, labDir } from './folder.ts';
export { keptLab } from './kept.ts';

const AT_ONCE = 4;

export interface UpOptions {
  /** The lab's folder; by default BACKCHAIN_LAB, else one of this user's in the temporary folder. */
  dir?: string;
  /** Which guests to make; default `all`. */
  guests?: GuestSet;
  /** Makes the guests of these names instead (with those that are made together with them). */
  only?: readonly string[] | undefined;
  /** Receives a line about each thing that happens. */
  say?: (line: string) => void;
  /** Aborted, it makes nothing more and takes down what there is; then `up` rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Brings a lab up and describes it. What an earlier one left in the folder, whole or in pieces, is cleared first. */
export async function up({
  dir: wanted = defaultDir(),
  guests = 'all',
  only,
  say = () => {},
  signal,
}: UpOptions = {}): Promise<Lab> {
  const dir = labDir(wanted);
  const entries = select(dir, guests, only, await deepest());
  if (await down({ dir, say })) say('That was an earlier lab; a new one is made.');
  try {
    return await build(dir, entries, say, signal);
  } catch (error) {
    say('The lab does not come up; what there is of it is taken down.');
    await down({ dir, say });
    signal?.throwIfAborted();
    throw error;
  }
}

/** The daemons of a lab in this folder, whether they run or not. */
export function hostsIn(dir: string): LabHost[] {
  return HOSTS.map((name) => {
    const { socket, images } = hostFolders(labDir(dir), name);
    return { name, uri: `qemu+unix:///session?socket=${socket}`, socket, images };
  });
}

async function build(
  dir: string,
  entries: readonly Entry[],
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<Lab> {
  // Passable, so that daemons of another user reach their own folders in it.
  await mkdir(dir, { recursive: true, mode: 0o711 });
  await mark(dir);
  const emulator = await findEmulator();
  const { second, tiny } = await fileSystems.provide(dir, say);
  const namespace = await openNamespace(dir, say);
  const accelerator = await chooseAccelerator(namespace, say);
  await Promise.all([makeRom(dir), ...HOSTS.map((host) => daemon.prepare(dir, host, namespace))]);
  const cache = cacheFolder(dir);
  await mkdir(cache, { mode: 0o700 });
  for (const path of [cache, second, tiny]) if (path !== null) await handOver(namespace, path);
  const hosts = hostsIn(dir);
  signal?.throwIfAborted();
  await inParallel(hosts.length, hosts, (host) => startHost(dir, host, namespace));
  say(`Two libvirt daemons run: ${HOSTS.join(' and ')}.`);
  const folders = { second, tiny, unreadable: join(dir, 'unreadable') };
  const lab: Lab = { version: 1, dir, accelerator, emulator, namespace, hosts, guests: [], folders };
  const made = await inParallel(AT_ONCE, entries, (entry) => {
    signal?.throwIfAborted();
    return make(lab, entry);
  });
  lab.guests.push(...made.flat());
  await Promise.all(hosts.map((host) => virsh(host, 'pool-refresh', 'default')));
  signal?.throwIfAborted();
  await note(lab);
  say(`Guests there: ${lab.guests.length}.`);
  return lab;
}

async function openNamespace(dir: string, say: (line: string) => void): Promise<Namespace | null> {
  const opened = await open(dir);
  if (typeof opened !== 'string') return opened;
  say(`This machine refuses user namespaces (${opened}): the daemons run without one.`);
  return null;
}

async function startHost(dir: string, host: LabHost, namespace: Namespace | null): Promise<void> {
  await daemon.start(dir, host.name, namespace);
  await virsh(host, 'pool-define-as', 'default', 'dir', '--target', host.images);
  await virsh(host, 'pool-start', 'default');
}

async function make(lab: Lab, { prepare, guests, finish }: Entry): Promise<LabGuest[]> {
  await prepare?.(lab);
  const made = await inParallel(guests.length, guests, (spec) => createGuest(lab, spec));
  await finish?.(lab, made);
  return made;
}
