import { expect, test } from 'vitest';
import { readDomain } from './domain-xml.ts';
import { movedDefinition } from './migration-xml.ts';
import { child, children, parseXml } from './xml.ts';

const XML = `<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>a &amp; b</name>
  <devices>
    <disk type='volume' device='disk' snapshot='external'>
      <driver name='qemu' type='raw' cache='none' io='native'/>
      <source pool='p' volume='v' index='3'><encryption format='luks'/></source>
      <backingStore type='file' index='4'><format type='raw'/><source file='/old/base'/><backingStore/></backingStore>
      <target dev='vda' bus='virtio'/><serial>S-1</serial>
    </disk>
    <disk type='network'><source protocol='rbd' name='x'/><target dev='vdb'/></disk>
    <disk type='file' device='cdrom'><target dev='sda'/><readonly/></disk>
  </devices>
  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>
</domain>`;

test('a disk becomes a file at the destination; everything else stays', () => {
  const file = `/there/it's <new> & "ü".qcow2`;
  const written = movedDefinition(XML, new Map([['vda', file]]));
  const [moved, other, drive] = readDomain(written).disks;
  expect(moved).toEqual({
    target: 'vda',
    device: 'disk',
    readOnly: false,
    discards: false,
    pivotReady: false,
    images: [{ source: { kind: 'file', path: file }, format: 'qcow2', index: null }],
    complete: false,
  });
  expect([other, drive]).toEqual(readDomain(XML).disks.slice(1));
  const disk = child(child(parseXml(written), 'devices'), 'disk');
  expect(disk?.attributes).toEqual({ type: 'file', device: 'disk', snapshot: 'external' });
  expect(child(disk, 'driver')?.attributes).toEqual({
    name: 'qemu',
    type: 'qcow2',
    cache: 'none',
    io: 'native',
  });
  expect(children(disk, 'source')).toHaveLength(1);
  expect(child(disk, 'source')?.children).toEqual([]);
  expect(child(disk, 'serial')?.text).toBe('S-1');
  expect(written).toContain('<qemu:arg value=');
  expect(parseXml(written).attributes).toEqual(parseXml(XML).attributes);
});

test('a disk without a driver gets one, since libvirt guesses no format', () => {
  const written = movedDefinition(
    `<domain><devices><disk><source dev='/dev/x'/><target dev='vda'/></disk></devices></domain>`,
    new Map([['vda', '/there']]),
  );
  expect(readDomain(written).disks[0]?.images[0]).toMatchObject({ format: 'qcow2' });
});
