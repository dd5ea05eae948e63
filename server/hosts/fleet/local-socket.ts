import { parseUri, socketPaths } from '../../libvirt/index.ts';

/** Path of the unix socket for a URI of this machine, `null` for other hosts. Throws `URI_INVALID`. */
export function localSocket(uri: string): string | null {
  const target = parseUri(uri);
  if (target.transport !== 'unix') return null;
  return target.socket ?? socketPaths(target.scope)[0] ?? null;
}
