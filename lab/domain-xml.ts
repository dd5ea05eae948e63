/** Text escaped for XML, for an element or an attribute. */
export function escapeXml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}

/** Where a disk's active image is. */
export type Source = { path: string; format: string } | { pool: string; volume: string; format: string };

interface SpecifiedDisk {
  target: string;
  source: Source;
  /** Whether the room of zeros is given back to the file system. */
  discards: boolean;
}

export interface DomainSpec {
  name: string;
  uuid: string;
  accelerator: 'kvm' | 'tcg';
  emulator: string;
  machine: string;
  /** Path of a ROM to start instead of a BIOS; without one, the BIOS starts the first disk. */
  rom: string | undefined;
  disks: readonly SpecifiedDisk[];
  /** Whether it has the model of the host's CPU. */
  hostCpu?: boolean | undefined;
  /** Target of an empty CD-ROM drive. */
  cdrom: string | undefined;
  /** File that receives what the guest writes to its serial port, one run after the other. */
  serial: string | undefined;
  /** Starts this kernel instead; its serial port and its agent's channel are these sockets. */
  linux?: { kernel: string; initrd: string; console: string; agent: string } | undefined;
}

/** The definition of a guest that is as small as QEMU lets it be: one CPU, disks and little else. */
export function domainXml(spec: DomainSpec): string {
  const { linux } = spec;
  const loader = spec.rom === undefined ? '' : `<loader type='rom'>${escapeXml(spec.rom)}</loader>`;
  const cdrom =
    spec.cdrom === undefined
      ? ''
      : `<disk type='file' device='cdrom'><target dev='${escapeXml(spec.cdrom)}' bus='sata'/><readonly/></disk>`;
  return `<domain type='${spec.accelerator === 'kvm' ? 'kvm' : 'qemu'}'>
  <name>${escapeXml(spec.name)}</name>
  <uuid>${spec.uuid}</uuid>
  <memory unit='MiB'>${linux === undefined ? 16 : 128}</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='${escapeXml(spec.machine)}'>hvm</type>${loader}${linux === undefined ? "<boot dev='hd'/>" : kernelXml(linux)}</os>
  <features><acpi/></features>${spec.hostCpu === true ? "\n  <cpu mode='host-model'/>" : ''}
  <devices>
    <emulator>${escapeXml(spec.emulator)}</emulator>
    ${spec.disks.map(diskXml).join('\n    ')}
    ${cdrom}${serialXml(spec)}${linux === undefined ? '' : agentXml(linux.agent)}
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

function agentXml(socket: string): string {
  const source = `<source mode='bind' path='${escapeXml(socket)}'/>`;
  return `<channel type='unix'>${source}<target type='virtio' name='org.qemu.guest_agent.0'/></channel>`;
}

function kernelXml({ kernel, initrd }: { kernel: string; initrd: string }): string {
  const files = `<kernel>${escapeXml(kernel)}</kernel><initrd>${escapeXml(initrd)}</initrd>`;
  return `${files}<cmdline>console=ttyS0 quiet panic=-1</cmdline>`;
}

function serialXml({ serial, linux }: DomainSpec): string {
  if (serial === undefined) return '';
  const log = escapeXml(serial);
  if (linux === undefined) return `<serial type='file'><source path='${log}' append='on'/></serial>`;
  const source = `<source mode='bind' path='${escapeXml(linux.console)}'/>`;
  return `<serial type='unix'>${source}<log file='${log}' append='on'/></serial>`;
}

function diskXml({ target, source, discards }: SpecifiedDisk): string {
  const [type, where] =
    'path' in source
      ? ['file', `file='${escapeXml(source.path)}'`]
      : ['volume', `pool='${escapeXml(source.pool)}' volume='${escapeXml(source.volume)}'`];
  return (
    `<disk type='${type}' device='disk'><driver name='qemu' type='${source.format}' discard='${discards ? 'unmap' : 'ignore'}'/>` +
    `<source ${where}/><target dev='${escapeXml(target)}' bus='virtio'/></disk>`
  );
}
