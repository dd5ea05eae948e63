/** Text as it may stand in XML, in an element or an attribute. */
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

/** Where a disk's active image stands. */
export type Source = { path: string; format: string } | { pool: string; volume: string; format: string };

export interface DomainSpec {
  name: string;
  uuid: string;
  accelerator: 'kvm' | 'tcg';
  emulator: string;
  /** Path of a ROM to start instead of a BIOS; without one, the BIOS starts the first disk. */
  rom: string | undefined;
  disks: readonly { target: string; source: Source }[];
  /** Target of an empty CD-ROM drive. */
  cdrom: string | undefined;
  /** File that receives what the guest writes to its serial port, one run after the other. */
  serial: string | undefined;
}

/** The definition of a guest that is as small as QEMU lets it be: 16 MiB, one CPU, disks and nothing else. */
export function domainXml(spec: DomainSpec): string {
  const loader = spec.rom === undefined ? '' : `<loader type='rom'>${escapeXml(spec.rom)}</loader>`;
  const serial =
    spec.serial === undefined
      ? ''
      : `<serial type='file'><source path='${escapeXml(spec.serial)}' append='on'/></serial>`;
  const cdrom =
    spec.cdrom === undefined
      ? ''
      : `<disk type='file' device='cdrom'><target dev='${escapeXml(spec.cdrom)}' bus='sata'/><readonly/></disk>`;
  return `<domain type='${spec.accelerator === 'kvm' ? 'kvm' : 'qemu'}'>
  <name>${escapeXml(spec.name)}</name>
  <uuid>${spec.uuid}</uuid>
  <memory unit='MiB'>16</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type>${loader}<boot dev='hd'/></os>
  <features><acpi/></features>
  <devices>
    <emulator>${escapeXml(spec.emulator)}</emulator>
    ${spec.disks.map(diskXml).join('\n    ')}
    ${cdrom}${serial}
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

function diskXml({ target, source }: { target: string; source: Source }): string {
  const [type, where] =
    'path' in source
      ? ['file', `file='${escapeXml(source.path)}'`]
      : ['volume', `pool='${escapeXml(source.pool)}' volume='${escapeXml(source.volume)}'`];
  return (
    `<disk type='${type}' device='disk'><driver name='qemu' type='${source.format}' discard='unmap'/>` +
    `<source ${where}/><target dev='${escapeXml(target)}' bus='virtio'/></disk>`
  );
}
