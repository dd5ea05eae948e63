import type { GuestRef } from '../../../model/fleet/disk.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { CpuCompareResult, isConnectionLost, LibvirtError } from '../../libvirt/index.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { child, type Element, parseXml, text } from '../xml/xml.ts';
import { writeXml } from '../xml/xml-builder.ts';

/** Why a running guest's CPU can't run on another host; `null` where libvirt sees no reason. Throws the source's error. */
export async function cpuProblem(fleet: Fleet, ref: GuestRef, to: string): Promise<Problem | null> {
  const { connection, domain } = fleet.domain(ref);
  const xml = parseXml(await connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }));
  const cpu = child(xml, 'cpu');
  const { type: virtType = null } = xml.attributes;
  if (cpu === undefined) return null;
  const { arch = null, machine = null } = child(child(xml, 'os'), 'type')?.attributes ?? {};
  const host = fleet.supervisor(to);
  const query = { emulator: null, arch, machine, virtType, cpuXml: writeXml(cpu), flags: 0 };
  try {
    const found = await host.source().connection.call('CONNECT_COMPARE_HYPERVISOR_CPU', query);
    if (found !== CpuCompareResult.INCOMPATIBLE || isUnchecked(cpu)) return null;
    const model = text(child(cpu, 'model')) ?? cpu.attributes.mode ?? '?';
    return problem('CPU_INCOMPATIBLE', { model, host: host.host().name });
  } catch (error) {
    if (isConnectionLost(error) || !(error instanceof LibvirtError)) throw error;
    return problem('CPU_NOT_COMPARED', { host: host.host().name, reason: error.message });
  }
}

/**
 * Whether libvirt starts and migrates the guest without a look at the host's CPU. So it is for each guest without a `<cpu>` since
 * 12: its live XML names a bare model, which even the host that it runs on does not quite have.
 */
export function isUnchecked({ attributes: { mode = 'custom', check } }: Element): boolean {
  return mode === 'custom' && check === 'none';
}
