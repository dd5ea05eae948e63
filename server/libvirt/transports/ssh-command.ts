import type { Scope, SshTarget } from '../uri.ts';

/**
 * What ssh runs on the remote host: virt-ssh-helper, which finds the daemon by itself, or nc on the daemon's socket.
 * The helper knows nothing of an own socket, so naming one means nc. Wrapped for a login shell that is not `sh`.
 */
export function remoteCommand(target: SshTarget): string {
  const relays: string[] = [];
  if (target.proxy === 'native' || (target.proxy === 'auto' && target.socket === null)) {
    const helper = `exec virt-ssh-helper ${quote(target.name)}`;
    relays.push(
      target.proxy === 'native'
        ? helper
        : `if command -v virt-ssh-helper >/dev/null 2>&1; then ${helper}; fi`,
    );
  }
  if (target.proxy !== 'native') relays.push(netcat(target));
  return `sh -c ${quote(relays.join('; '))}`;
}

function netcat(target: SshTarget): string {
  const nc = quote(target.netcat);
  const sockets = target.socket === null ? usual[target.scope] : [quote(target.socket)];
  return [
    `command -v ${nc} >/dev/null 2>&1 || { echo "neither virt-ssh-helper nor nc is installed on this host" >&2; exit 1; }`,
    // Debian's nc stays after its input has ended unless it is told otherwise; others don't know the option.
    `case "$(${nc} -h 2>&1)" in *"-q secs"*) q="-q 0";; *) q="";; esac`,
    `for s in ${sockets.join(' ')}; do if [ -S "$s" ]; then exec ${nc} $q -U "$s"; fi; done`,
    `echo "no libvirt daemon listens on this host" >&2`,
    'exit 1',
  ].join('; ');
}

const machine = ['/run/libvirt/virtqemud-sock', '/run/libvirt/libvirt-sock'];
// Root has no daemon of its own: its session is the machine's.
const user = `"$(if [ "$(id -u)" = 0 ]; then echo /run; else echo "\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"; fi)"`;

const usual: Record<Scope, string[]> = {
  system: machine,
  session: [`${user}/libvirt/virtqemud-sock`, `${user}/libvirt/libvirt-sock`],
};

/** One word for a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
