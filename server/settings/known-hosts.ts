import { access } from 'node:fs/promises';
import { socketPaths } from '../libvirt/index.ts';

/** A host to keep from the start, with the name that it was given, if any. */
export interface ConfiguredHost {
  readonly uri: string;
  readonly name: string | null;
}

/**
 * Those of `BACKCHAIN_HOSTS` (`URI` or `NAME=URI`, comma-separated), else this machine's own libvirt where one of its
 * sockets is there, else the user's, which may come up later.
 */
export async function configuredHosts(
  env: NodeJS.ProcessEnv,
  systemSockets: readonly string[] = socketPaths('system'),
): Promise<readonly ConfiguredHost[]> {
  const named = (env.BACKCHAIN_HOSTS ?? '')
    .split(',')
    .map((uri) => uri.trim())
    .filter((uri) => uri !== '');
  if (named.length > 0) return named.map(split);
  const system = await Promise.all(systemSockets.map(isThere));
  return [{ uri: system.includes(true) ? 'qemu:///system' : 'qemu:///session', name: null }];
}

function split(entry: string): ConfiguredHost {
  const [, name = null, uri = entry] = /^([\w.-]+)=(.+)$/.exec(entry) ?? [];
  return { uri, name };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
