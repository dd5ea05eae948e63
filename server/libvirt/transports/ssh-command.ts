import type { Scope, SshTarget } from '../uri.ts';

/**
 * The command that ssh runs on the remote host: virt-ssh-helper, which finds the daemon by itself, or nc on the daemon's socket.
 * The helper can't be given a socket, so a named one means nc. The command is wrapped for login shells other than `sh`.
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
    // Debian's nc needs -q to end with its input; others don't know the option.
    `case "$(${nc} -h 2>&1)" in *"-q secs"*) q="-q 0";; *) q="";; esac`,
    `for s in ${sockets.join(' ')}; do if [ -S "$s" ]; then exec ${nc} $q -U "$s"; fi; done`,
    `echo "no libvirt daemon listens on this host" >&2`,
    'exit 1',
  ].join('; ');
}

const machine = ['/run/libvirt/virtqemud-sock', '/run/libvirt/libvirt-sock'];
// Root's session is the machine's daemon.
const user = `"$(if [ "$(id -u)" = 0 ]; then echo /run; else echo "\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"; fi)"`;

const usual: Record<Scope, string[]> = {
  system: machine,
  session: [`${user}/libvirt/virtqemud-sock`, `${user}/libvirt/libvirt-sock`],
};

/** Any text as one word for a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
