import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { type CpioEntry, cpio } from './cpio.ts';
import type { Lab, LabGuest } from './description.ts';
import { isErrno, LabError } from './error.ts';
import { hostFolders } from './folder.ts';
import type { GuestSpec } from './guest-spec.ts';
import { MiB } from './image.ts';
import { handOver } from './namespace.ts';
import { until } from './process.ts';
import { run } from './run.ts';

/** Where bin/setup puts a distribution's kernel and programs, unpacked and never installed. */
const PARTS = join(import.meta.dirname, '../.linux');

const SIZE = 16 * MiB;

/**
 * A guest that runs a real Linux with the real guest agent; each of its disks holds an ext4 file system, mounted under the
 * disk's name. Rejects with `no-linux` where there is nothing to make it of.
 */
export async function linuxSpec(
  lab: Lab,
  { name, host = 'alpha', targets = ['vda', 'vdb'] }: { name: string; host?: string; targets?: string[] },
): Promise<GuestSpec> {
  const folder = join(lab.dir, 'linux');
  await mkdir(folder, { recursive: true });
  const head = join(folder, 'ext4');
  const linux = { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
  await writeFile(head, '');
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', head, `${SIZE / 1024}k`]);
  // Renamed into place, since a guest of another test may be starting from it.
  await writeFile(`${linux.initrd}.new`, cpio(await content()));
  await copyFile(join(PARTS, 'vmlinuz'), `${linux.kernel}.new`);
  for (const path of Object.values(linux)) {
    await handOver(lab.namespace, `${path}.new`);
    await rename(`${path}.new`, path);
  }
  return {
    host,
    name,
    linux,
    serial: join(hostFolders(lab.dir, host).root, `${name}.log`),
    disks: targets.map((target) => ({
      target,
      size: SIZE,
      layers: [{ file: `${name}-${target}.qcow2`, head }],
    })),
  };
}

/** The sockets of a Linux's serial port and of its agent's channel. libvirt's own path for the latter is too long for a lab. */
export function socketsOf(lab: Lab, { host, name }: Pick<LabGuest, 'host' | 'name'>) {
  const { root } = hostFolders(lab.dir, host);
  return { console: join(root, `${name}.tty`), agent: join(root, `${name}.agent`) };
}

/** Resolves when the Linux has mounted its disks and started its agent; rejects with `timeout` where it has not. */
export async function awake({ name, serial }: LabGuest): Promise<void> {
  const log = serial ?? '';
  await until(`the Linux of ${name}`, async () => /^awake/m.test(await readFile(log, 'utf8')));
}

let ran = 0;

/** Has the Linux's shell run a command; what it printed. Rejects with `failed` where it says that it failed, or says nothing for 30 seconds. */
export async function runIn(lab: Lab, guest: LabGuest, command: string): Promise<string> {
  ran += 1;
  const mark = `<ran-${process.pid}-${ran}>`;
  const socket = connect(socketsOf(lab, guest).console);
  socket.setEncoding('utf8').setTimeout(30_000, () => socket.destroy(new Error('no answer')));
  socket.write(`{ ${command}\n}; echo "${mark}$?"\n`);
  let said = '';
  try {
    for await (const piece of socket) {
      said += piece;
      const [all, words = '', status] = new RegExp(`^([^]*)${mark}(\\d+)\n`).exec(said) ?? [];
      if (status === '0') return words.trim();
      if (all !== undefined) break;
    }
    throw new LabError('failed', `${guest.name}: ${command}: ${said}`);
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('failed', `${guest.name}: ${command}: ${said}`, { cause });
  } finally {
    socket.destroy();
  }
}

async function content(): Promise<CpioEntry[]> {
  const parts = await readdir(PARTS).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new LabError(
      'no-linux',
      `There is no ${PARTS}: bin/setup test makes it of Debian’s packages, on a machine that has them for x86.`,
      { cause: error },
    );
  });
  const modules = parts.filter((name) => name.endsWith('.ko')).toSorted();
  const agent = join(PARTS, 'qemu-ga');
  // It is of this machine's release, and so finds its libraries here.
  const libraries = [...(await run('ldd', [agent])).matchAll(/\/\S+/g)].map(([path]) => path);
  const files = new Map<string, Uint8Array>([
    ['init', await readFile(join(import.meta.dirname, 'linux.sh'))],
    ['modules/order', Buffer.from(modules.join('\n'))],
  ]);
  for (const name of ['busybox', 'qemu-ga']) files.set(`bin/${name}`, await readFile(join(PARTS, name)));
  for (const name of modules) files.set(`modules/${name}`, await readFile(join(PARTS, name)));
  for (const path of libraries) files.set(path.slice(1), await readFile(path));
  const folders = new Set(['dev', 'proc', 'sys', 'run', ...[...files.keys()].flatMap(above)]);
  return [
    ...[...folders].toSorted().map((path) => ({ path })),
    ...[...files].map(([path, bytes]) => ({ path, bytes })),
  ];
}

/** The folders above a file. */
function above(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...above(folder), folder];
}
