import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepare, start } from '../../../lab/daemon.ts';
import { hostFolders } from '../../../lab/folder.ts';
import type { Lab } from '../../../lab/lab.ts';
import { enter } from '../../../lab/namespace.ts';
import { run } from '../../../lab/run.ts';

export interface PingingDaemon {
  readonly socket: string;
  /** Pings that it sends a silent client before it gives it up. */
  readonly patience: number;
  stop(): Promise<void>;
}

/** One more libvirtd in the lab, which pings a client after a silent second, not after five. */
export async function startPingingDaemon(lab: Lab): Promise<PingingDaemon> {
  const host = 'pinging';
  const patience = 2;
  const folders = hostFolders(lab.dir, host);
  // Of an earlier run that was killed.
  await rm(folders.root, { recursive: true, force: true });
  await prepare(lab.dir, host, lab.namespace);
  await appendFile(
    join(folders.config, 'libvirt/libvirtd.conf'),
    `keepalive_interval = 1\nkeepalive_count = ${patience}\n`,
  );
  await start(lab.dir, host, lab.namespace);
  return {
    socket: folders.socket,
    patience,
    async stop() {
      // Its own number, as the lab's namespace counts.
      const pid = (await readFile(join(folders.root, 'libvirtd.pid'), 'utf8')).trim();
      const [program = '', ...args] = [...enter(lab.namespace), 'kill', pid];
      await run(program, args);
      await rm(folders.root, { recursive: true, force: true });
    },
  };
}
