import { access } from 'node:fs/promises';
import { socketPaths } from './libvirt/index.ts';

/**
 * The hosts to keep from the start: those of `BACKCHAIN_HOSTS` (URIs, comma-separated), else this machine's own libvirt,
 * else the user's.
 */
export async function configuredHosts(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const named = (env.BACKCHAIN_HOSTS ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');
  if (named.length > 0) return named;
  const system = await Promise.all(socketPaths('system').map(isThere));
  return [system.includes(true) ? 'qemu:///system' : 'qemu:///session'];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
