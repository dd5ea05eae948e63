import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, hostFolders } from './folder.ts';
import { PATH } from './interpreter.ts';
import { enter, handOver, type Namespace } from './namespace.ts';
import { run } from './run.ts';

/** A stable UUID for a name, so that pages and tests of one lab have the same addresses as those of the next. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`backchain-lab/${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Lays out a host's folder and its configuration. */
export async function prepare(dir: string, host: string, namespace: Namespace | null): Promise<void> {
  const folders = hostFolders(dir, host);
  const config = join(folders.config, 'libvirt');
  for (const path of [
    folders.root,
    folders.home,
    folders.run,
    folders.config,
    config,
    folders.data,
    folders.images,
  ]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await handOver(namespace, path);
  }
  // Different host UUIDs, or a migration between the two says that both are the same host.
  await writeFile(
    join(config, 'libvirtd.conf'),
    `host_uuid = "${uuidOf(`host/${host}`)}"\nlog_outputs = "3:file:${folders.log}"\n`,
  );
  await writeFile(
    join(config, 'qemu.conf'),
    [
      // No virtlogd is started.
      'stdio_handler = "file"',
      // Else libvirt asks QEMU at every start for each of some hundred properties of the CPU, one by one, and QEMU reads
      // its monitor byte by byte: a fifth of a second of CPU time, half of what starting a guest takes.
      'capability_filters = ["cpu-unavailable-features"]',
      '',
    ].join('\n'),
  );
}

/** Starts a host's libvirtd; resolves when it listens. @param cache a folder in the lab's */
export async function start(
  dir: string,
  host: string,
  namespace: Namespace | null,
  cache = cacheFolder(dir),
): Promise<void> {
  const folders = hostFolders(dir, host);
  const environment = [
    `PATH=${PATH}`,
    'LC_ALL=C.UTF-8',
    `HOME=${folders.home}`,
    `XDG_RUNTIME_DIR=${folders.run}`,
    `XDG_CONFIG_HOME=${folders.config}`,
    `XDG_CACHE_HOME=${cache}`,
    `XDG_DATA_HOME=${folders.data}`,
  ];
  const libvirtd = ['libvirtd', '--daemon', '--config', join(folders.config, 'libvirt/libvirtd.conf')];
  const pidFile = ['--pid-file', join(folders.root, 'libvirtd.pid')];
  const [program = '', ...args] = [...enter(namespace), 'env', '-i', ...environment, ...libvirtd, ...pidFile];
  await run(program, args);
}
