import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab, LabHost } from '../../../lab/lab.ts';
import { handOver } from '../../../lab/namespace.ts';
import { freePort, listening } from './port.ts';

const run = promisify(execFile);

/** An sshd on loopback with throw-away keys, and an `ssh` that knows it. */
export interface SshServer {
  readonly port: number;
  readonly user: string;
  /** File of the private key that it accepts. */
  readonly keyfile: string;
  /** Folder for the front of PATH: its `ssh` reads this server's configuration instead of the user's. */
  readonly bin: string;
  /** Rewrites the `known_hosts` of its `ssh`. */
  know(hostKey: 'right' | 'wrong'): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an sshd whose sessions find the daemon of a lab host as the user's own.
 * @param more further environment of its sessions
 */
export async function startSshServer(
  lab: Lab,
  host: LabHost,
  more: Readonly<Record<string, string>> = {},
): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sshd-'));
  await handOver(lab.namespace, folder);
  const file = (name: string) => join(folder, name);
  const port = await freePort();
  for (const name of ['host', 'client', 'other']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  }
  await writeFile(
    file('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('client.pub')}`,
      ...['StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'PidFile none'],
      `SetEnv ${Object.entries({ XDG_RUNTIME_DIR: dirname(dirname(host.socket)), ...more })
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
    ].join('\n'),
  );
  const bin = file('bin');
  const config = file('ssh_config');
  await writeFile(
    config,
    `UserKnownHostsFile ${file('known_hosts')}\nStrictHostKeyChecking yes\nIdentitiesOnly yes\nIdentityAgent none\n`,
  );
  await run('mkdir', [bin]);
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\nPATH=\${PATH#*:} exec ssh -F ${config} "$@"\n`);
  await chmod(join(bin, 'ssh'), 0o755);
  const know = async (hostKey: 'right' | 'wrong') => {
    const key = await readFile(file(hostKey === 'right' ? 'host.pub' : 'other.pub'), 'utf8');
    await writeFile(file('known_hosts'), `[127.0.0.1]:${port} ${key}`);
  };
  await know('right');
  await handOver(lab.namespace, file('host'));
  const child = await spawnSshd(folder, lab.namespace);
  await listening(port, child);
  return {
    port,
    user: userInfo().uid === 0 ? 'nobody' : userInfo().username,
    keyfile: file('client'),
    bin,
    know,
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Root's libvirt programs know no session, and a daemon of the lab is one; so a server that root starts runs as the lab's
 * daemons do, as nobody, for whom a password file of its own names a shell.
 */
async function spawnSshd(folder: string, namespace: Lab['namespace']): Promise<ChildProcess> {
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')];
  if (userInfo().uid !== 0) return spawnQuiet(sshd);
  const passwords = join(folder, 'passwd');
  await writeFile(passwords, `root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::${folder}:/bin/sh\n`);
  const bind = ['--mount', 'sh', '-c', `mount --bind ${passwords} /etc/passwd && exec "$@"`, 'sh'];
  if (namespace === null) {
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    return spawnQuiet(['unshare', ...bind, ...nobody, ...sshd]);
  }
  const nobody = ['--user', '--map-user=65534', '--map-group=65534', '--keep-caps'];
  return spawnQuiet(['unshare', ...nobody, ...bind, ...sshd]);
}

function spawnQuiet([program = '', ...args]: string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
