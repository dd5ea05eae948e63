import { afterAll, vi } from 'vitest';
import { type SshServer, startSshServer } from '../../server/libvirt/testing/ssh-server.ts';
import { alpha, lab } from './rig.ts';

/** An sshd that leads to alpha, for all tests of a file. Its `ssh` is first on their PATH. */
export async function sshToAlpha(): Promise<SshServer> {
  const server = await startSshServer(lab, alpha);
  vi.stubEnv('PATH', `${server.bin}:${process.env.PATH}`);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });
  return server;
}
