import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { aborted } from '../abort.ts';
import { asLibvirtError, LibvirtError } from '../errors.ts';
import type { Scope, UnixTarget } from '../uri.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The modular daemon's socket first, then the monolithic one's, as in libvirt's own client. */
const names = ['virtqemud-sock', 'libvirt-sock'];

/** A connection to the daemon's socket on this machine. Throws CONNECT_FAILED or ABORTED. An abort after that does not end the connection. */
export async function openUnix(target: UnixTarget, signal?: AbortSignal): Promise<Duplex> {
  const path = target.socket ?? (await findSocket(target.scope));
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    // Not net's own `signal`: that one destroys the socket whenever it aborts, long after it is connected too.
    const abort = () => signal && settle(aborted(signal));
    const settle = (error?: NodeJS.ErrnoException) => {
      socket.off('error', settle);
      signal?.removeEventListener('abort', abort);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error instanceof LibvirtError ? error : refusal(path, error));
    };
    socket.once('error', settle);
    socket.once('connect', () => settle());
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
}

/**
 * Paths of libvirt's sockets: in /run for the machine's daemon, in the user's runtime directory for the user's own. Root's is
 * the machine's, as in libvirt's client.
 */
export function socketPaths(
  scope: Scope,
  root: boolean = process.geteuid?.() === 0,
  env: Environment = process.env,
): string[] {
  return directories(root ? 'system' : scope, env).flatMap((directory) =>
    names.map((name) => join(directory, name)),
  );
}

function directories(scope: Scope, env: Environment): string[] {
  if (scope === 'system') return ['/run/libvirt', '/var/run/libvirt'];
  if (env.XDG_RUNTIME_DIR) return [join(env.XDG_RUNTIME_DIR, 'libvirt')];
  return [join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'libvirt')];
}

async function findSocket(scope: Scope): Promise<string> {
  const paths = socketPaths(scope);
  for (const path of paths) {
    if (await isSocket(path)) return path;
  }
  const daemon =
    scope === 'system' ? 'systemctl start virtqemud or libvirtd' : 'start virtqemud or libvirtd as this user';
  throw new LibvirtError(
    'CONNECT_FAILED',
    `No libvirt daemon listens here (tried ${paths.join(', ')}): ${daemon}, or name its socket with ?socket=.`,
  );
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch (error) {
    if (isErrno(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false;
    throw asLibvirtError(error, 'CONNECT_FAILED', `Can't read ${path}`);
  }
}

function refusal(path: string, cause: NodeJS.ErrnoException): LibvirtError {
  const advice: Record<string, string> = {
    EACCES: 'this user may not open it; add the user to the group libvirt',
    ENOENT: 'there is no such socket (is the daemon running?)',
    ECONNREFUSED: 'nobody listens there; start the daemon',
  };
  const text = advice[cause.code ?? ''] ?? cause.message;
  return new LibvirtError('CONNECT_FAILED', `Can't connect to ${path}: ${text}.`, { cause });
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
