import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import { doctorService } from '../../server/services/doctor-service.ts';
import type { Dashboard } from './dashboard.ts';
import { folder, lab } from './rig.ts';

/** The doctor of a dashboard, and what it finds. */
export function doctorOf({ fleet, ports, store }: Dashboard) {
  const doctor = doctorService({
    fleet,
    freshGuests: ports.freshGuests,
    unfinished: () => store.journal.unfinished(),
  });
  const findings = async ({ uuid }: LabGuest) => (await doctor.examine(uuid)).findings;
  return {
    ...doctor,
    findings,
    codes: async (guest: LabGuest) => (await findings(guest)).map(({ code }) => code),
  };
}

/** Has an image's header name another backing image, without a check of either. */
export function nameBacking(image: string, backing: string, format: string): Promise<string> {
  return run('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-b', backing, '-F', format, image]);
}

/** What a header names, as qemu-img reports it. */
export async function namedBy(image: string): Promise<{ backing: string; format: string }> {
  const info: { 'backing-filename': string; 'backing-filename-format': string } = JSON.parse(
    await run('qemu-img', ['info', '-U', '--output=json', image]),
  );
  return { backing: info['backing-filename'], format: info['backing-filename-format'] };
}

/** The same as `nameBacking` while a QEMU has the image open, as somebody whose storage keeps no locks could. The new name is not longer. */
export async function nameUnlocked(image: string, backing: string): Promise<void> {
  await using file = await open(image, 'r+');
  const head = Buffer.alloc(104);
  await file.read(head, 0, head.length, 0);
  const [offset, length] = [Number(head.readBigUInt64BE(8)), Buffer.byteLength(backing)];
  await file.write(backing, offset);
  head.writeUInt32BE(length, 16);
  await file.write(head, 16, 4, 16);
}

/** Has a guest's definition, and not what runs, name another image. */
export async function defineOther(
  guest: LabGuest,
  from: string,
  to: string,
  more = (xml: string) => xml,
): Promise<void> {
  const host = hostOf(lab, guest.host);
  const xml = await virsh(host, 'dumpxml', '--inactive', guest.uuid);
  if (!xml.includes(from)) throw new Error(`The definition does not name ${from}`);
  const file = join((await folder()).path, 'domain.xml');
  await writeFile(file, more(xml.replace(from, to)));
  await virsh(host, 'define', file);
}

const BACKING_FORMAT = 0xe2792aca;

/** Takes the backing format out of a header, as images of old tools are without it. */
export async function forgetFormat(image: string): Promise<void> {
  await using file = await open(image, 'r+');
  const start = Buffer.alloc(4096);
  await file.read(start, 0, start.length, 0);
  for (
    let at = start.readUInt32BE(100);
    start.readUInt32BE(at) !== 0;
    at += 8 + padded(start.readUInt32BE(at + 4))
  ) {
    if (start.readUInt32BE(at) !== BACKING_FORMAT) continue;
    // A kind of extension that nobody knows, and so passes over.
    start.writeUInt32BE(0x12345678, at);
    await file.write(start, at, 4, at);
    return;
  }
  throw new Error(`${image} has no backing format`);
}

const padded = (length: number) => Math.ceil(length / 8) * 8;

/** Leaves a cluster that is counted and that nothing refers to, as a QEMU that was killed does: the last of the file. */
export async function leak(image: string): Promise<void> {
  await using file = await open(image, 'r+');
  const { cluster, block } = await refcounts(file);
  const next = Math.ceil((await file.stat()).size / cluster);
  await file.truncate((next + 1) * cluster);
  await file.write(Buffer.from([0, 1]), 0, 2, block + 2 * next);
}

/** Has a cluster counted as free that the image uses: the one of its header. */
export async function corrupt(image: string): Promise<void> {
  await using file = await open(image, 'r+');
  const { block } = await refcounts(file);
  await file.write(Buffer.from([0, 0]), 0, 2, block);
}

/** Bytes of a cluster, and where the counts of the first clusters are, two bytes each. */
async function refcounts(file: FileHandle): Promise<{ cluster: number; block: number }> {
  const head = Buffer.alloc(104);
  await file.read(head, 0, head.length, 0);
  const entry = Buffer.alloc(8);
  await file.read(entry, 0, 8, Number(head.readBigUInt64BE(48)));
  return {
    cluster: 2 ** head.readUInt32BE(20),
    block: Number(entry.readBigUInt64BE() & 0xffff_ffff_ffff_fe00n),
  };
}
