import { parseUri, socketPaths } from '../../libvirt/index.ts';

/** A unix socket that a URI may lead to, `null` for hosts elsewhere. Throws `URI_INVALID`. */
export function localSocket(uri: string): string | null {
  const target = parseUri(uri);
  if (target.transport !== 'unix') return null;
  return target.socket ?? socketPaths(target.scope)[0] ?? null;
}
