import { join } from 'node:path';
import type { Lab } from './description.ts';
import { cacheFolder, hostFolders } from './folder.ts';
import { enter } from './namespace.ts';
import { run } from './run.ts';

const socketOf = (dir: string) => join(hostFolders(dir, 'alpha').run, 'nbd.sock');

/** Where guests find the image that the lab serves over NBD. */
export function nbdUrl(dir: string): string {
  return `nbd+unix:///?socket=${socketOf(dir)}`;
}

/** Serves a raw image over NBD on a Unix socket, for as many readers as come, until the lab goes down. */
export async function serveNbd(lab: Lab, image: string): Promise<void> {
  const environment = ['env', `XDG_CACHE_HOME=${cacheFolder(lab.dir)}`];
  const server = ['qemu-nbd', '--fork', '--persistent', '--shared=0', '--read-only', '--format=raw'];
  const [program = '', ...args] = [
    ...enter(lab.namespace),
    ...environment,
    ...server,
    '--socket',
    socketOf(lab.dir),
    image,
  ];
  await run(program, args);
}
