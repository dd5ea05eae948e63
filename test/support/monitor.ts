import { onTestFinished } from 'vitest';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { domainRef } from '../../server/libvirt/domain-ref.ts';
import { LibvirtError } from '../../server/libvirt/errors.ts';
import { Program } from '../../server/libvirt/procedures.ts';
import { openSession } from '../../server/libvirt/session.ts';
import { domain } from '../../server/libvirt/shapes.ts';
import { parseUri } from '../../server/libvirt/uri.ts';
import { struct } from '../../server/libvirt/xdr/composites.ts';
import { string, uint } from '../../server/libvirt/xdr/scalars.ts';

/** QEMU_PROC_DOMAIN_MONITOR_COMMAND of libvirt's qemu_protocol.x, which the dashboard never calls. */
const MONITOR_COMMAND = {
  program: Program.QEMU,
  number: 1,
  args: struct({ domain, command: string, flags: uint }),
  result: string,
};
/** VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP */
const HMP = 1;

/** Gives QEMU's monitor commands in its own language (HMP), on a connection that lasts until the test ends. */
export async function monitorOf(guest: LabGuest): Promise<(command: string) => Promise<string>> {
  const { rpc } = await openSession(parseUri(hostOf(lab, guest.host).uri));
  onTestFinished(() => rpc.end(new LibvirtError('CONNECTION_CLOSED', 'The test is over.')));
  const ref = domainRef(guest.uuid, guest.name);
  return (command) => rpc.call(MONITOR_COMMAND, { domain: ref, command, flags: HMP });
}
