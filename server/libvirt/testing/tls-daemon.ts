import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepare } from '../../../lab/daemon.ts';
import { cacheFolder, hostFolders } from '../../../lab/folder.ts';
import { PATH } from '../../../lab/interpreter.ts';
import type { Lab } from '../../../lab/lab.ts';
import { enter, handOver } from '../../../lab/namespace.ts';
import { run } from '../../../lab/run.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { freePort, listening } from './port.ts';

export interface TlsDaemon {
  readonly port: number;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

/** Another libvirtd in the lab, which also listens on a TLS port of loopback. */
export async function startTlsDaemon(lab: Lab): Promise<TlsDaemon> {
  const host = 'tls';
  const folders = hostFolders(lab.dir, host);
  // An earlier run that was killed may have left it.
  await rm(folders.root, { recursive: true, force: true });
  await prepare(lab.dir, host, lab.namespace);
  const certificates = await makeCertificates(join(folders.root, 'pki'));
  for (const path of [certificates.ca, certificates.serverCert, certificates.serverKey]) {
    await handOver(lab.namespace, path);
  }
  const port = await freePort();
  const config = join(folders.config, 'libvirt/libvirtd.conf');
  await appendFile(
    config,
    [
      'listen_tls = 1',
      'listen_tcp = 0',
      `tls_port = "${port}"`,
      'listen_addr = "127.0.0.1"',
      'auth_tls = "none"',
      `ca_file = "${certificates.ca}"`,
      `cert_file = "${certificates.serverCert}"`,
      `key_file = "${certificates.serverKey}"`,
      `tls_allowed_dn_list = ["${certificates.clientName}"]`,
      '',
    ].join('\n'),
  );
  const environment = [
    `PATH=${PATH}`,
    'LC_ALL=C.UTF-8',
    `HOME=${folders.home}`,
    `XDG_RUNTIME_DIR=${folders.run}`,
    `XDG_CONFIG_HOME=${folders.config}`,
    `XDG_CACHE_HOME=${cacheFolder(lab.dir)}`,
    `XDG_DATA_HOME=${folders.data}`,
  ];
  const pidFile = join(folders.root, 'libvirtd.pid');
  const libvirtd = ['libvirtd', '--daemon', '--listen', '--config', config, '--pid-file', pidFile];
  await inside(lab, 'env', '-i', ...environment, ...libvirtd);
  await listening(port);
  return {
    port,
    certificates,
    async stop() {
      // The process id within the lab's namespace.
      await inside(lab, 'kill', (await readFile(pidFile, 'utf8')).trim());
      await rm(folders.root, { recursive: true, force: true });
    },
  };
}

async function inside(lab: Lab, ...command: string[]): Promise<void> {
  const [program = '', ...args] = [...enter(lab.namespace), ...command];
  await run(program, args);
}
