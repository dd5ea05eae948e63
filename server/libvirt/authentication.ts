import { LibvirtError } from './errors.ts';
import { table } from './procedures.ts';
import type { Rpc } from './rpc.ts';

/** Numbers of remote_auth_type. */
const NONE = 0;
const POLKIT = 2;

/**
 * Authenticates with the daemon, which comes before every other call: without anything, or by polkit. Throws AUTH_FAILED or
 * AUTH_UNSUPPORTED.
 */
export async function authenticate(rpc: Rpc, signal?: AbortSignal): Promise<void> {
  const offered = await rpc.call(table.AUTH_LIST, {}, signal);
  if (offered.includes(NONE)) return;
  if (!offered.includes(POLKIT)) {
    throw new LibvirtError(
      'AUTH_UNSUPPORTED',
      'The daemon wants SASL, which this client doesn\'t speak: connect by ssh, or by TLS with client certificates and auth_tls = "none".',
    );
  }
  try {
    await rpc.call(table.AUTH_POLKIT, {}, signal);
  } catch (cause) {
    if (!(cause instanceof LibvirtError) || cause.libvirtCode === null) throw cause;
    throw new LibvirtError(
      'AUTH_FAILED',
      `polkit doesn't let this user manage libvirt (${cause.message}): add the user to the group libvirt, or allow org.libvirt.unix.manage.`,
      { cause },
    );
  }
}
