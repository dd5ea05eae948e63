import { spawn } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { cacheFolder } from './folder.ts';
import { PATH } from './interpreter.ts';
import { processes } from './process.ts';

/**
 * The one user, pid and mount namespace that holds a whole lab, so that one kill ends all of it. `init` is its first
 * process, seen from outside.
 */
export interface Namespace {
  /** The `unshare` process, seen from outside; the namespace ends with it. */
  pid: number;
  init: number;
}

// Pid 1 must reap what is orphaned inside: without it the first connection took 163 s instead of 1.6.
const INIT = 'echo ready; exec >/dev/null 2>&1; while :; do sleep 1000 & wait $!; done';

// A root user's daemons become this one, so that libvirtd runs in session mode and file permissions are real.
const NOBODY = { uid: 65534, gid: 65534 };
const asRoot = () => userInfo().uid === 0;

/** Opens the namespace, or says in words why this machine refuses one. */
export async function open(dir: string): Promise<Namespace | string> {
  const { uid, gid } = asRoot() ? NOBODY : userInfo();
  const environment = ['-i', `PATH=${PATH}`, 'LC_ALL=C.UTF-8', `XDG_CACHE_HOME=${cacheFolder(dir)}`];
  const unshare = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--pid', '--fork'];
  const first = ['--kill-child', '--mount-proc', 'bash', '-c', INIT];
  const child = spawn('env', [...environment, ...unshare, ...first], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
  });
  const { pid, stdout, stderr } = child;
  let words = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const refusal = await new Promise<string | undefined>((resolve) => {
    stdout.once('data', () => resolve(undefined));
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(words.trim() || 'unshare ended without a word'));
  });
  if (refusal !== undefined || pid === undefined) return refusal ?? 'unshare did not start';
  // From here on it lives without us.
  stdout.destroy();
  stderr.destroy();
  child.unref();
  const [init] = await processes(({ parent }) => parent === pid);
  return init ? { pid, init: init.pid } : 'the namespace ended as soon as it was made';
}

/** The words to put before a command so that it runs inside the namespace, or, where there is none, as the right user. */
export function enter(namespace: Namespace | null): string[] {
  if (namespace) {
    const target = String(namespace.init);
    return ['nsenter', '--target', target, '--user', '--preserve-credentials', '--pid', '--mount', '--'];
  }
  const { uid, gid } = NOBODY;
  return asRoot() ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'] : [];
}

/** Gives a file to the user that the daemons run as, seen from outside. */
export async function handOver(namespace: Namespace | null, path: string): Promise<void> {
  if (!namespace && asRoot()) await chown(path, NOBODY.uid, NOBODY.gid);
}
