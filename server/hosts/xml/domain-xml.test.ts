import { expect, test } from 'vitest';
import { readDomain } from './domain-xml.ts';

const domain = (disks: string) =>
  readDomain(`<domain><name>a &amp; b</name><uuid>0b8e</uuid><devices>${disks}</devices></domain>`);
const only = (disk: string) => domain(disk).disks[0];

test('a live chain, with the indexes where libvirt puts them', () => {
  const disk = only(`<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
    <source file='/vm/a &amp; b.qcow2' index='3'/>
    <backingStore type='file' index='2'><format type='qcow2'/><source file='/vm/sn1'/>
      <backingStore type='block' index='1'><format type='raw'/><source dev='/dev/vg/base'/><backingStore/></backingStore>
    </backingStore>
    <target dev='vda' bus='virtio'/></disk>`);
  expect(disk).toEqual({
    target: 'vda',
    device: 'disk',
    readOnly: false,
    discards: false,
    pivotReady: false,
    complete: true,
    images: [
      { source: { kind: 'file', path: '/vm/a & b.qcow2' }, format: 'qcow2', index: 3 },
      { source: { kind: 'file', path: '/vm/sn1' }, format: 'qcow2', index: 2 },
      { source: { kind: 'block', path: '/dev/vg/base' }, format: 'raw', index: 1 },
    ],
  });
});

test('regression: a LUKS image, which libvirt calls raw, was taken for an unencrypted one', () => {
  const luks = "<encryption format='luks'><secret type='passphrase' uuid='1'/></encryption>";
  const formats = (xml: string) => only(xml)?.images.map(({ format }) => format);
  const disk = (type: string, inSource: string, inDisk: string) =>
    `<disk type='file'><driver type='${type}'/><source file='/a'>${inSource}</source>${inDisk}<backingStore type='file'>
      <format type='raw'/><source file='/b'>${inSource}</source><backingStore/></backingStore><target dev='vda'/></disk>`;
  expect(formats(disk('raw', luks, ''))).toEqual(['luks', 'luks']);
  // Older libvirt has it beside the source, and it is about the active image.
  expect(formats(disk('raw', '', luks))).toEqual(['luks', 'raw']);
  expect(formats(disk('qcow2', luks, ''))).toEqual(['qcow2', 'luks']);
});

test('the machine type, as libvirt names its version', () => {
  const type = "<type arch='x86_64' machine='pc-q35-10.0'>hvm</type>";
  expect(readDomain(`<domain><os>${type}</os></domain>`).machine).toBe('pc-q35-10.0');
  expect(readDomain('<domain/>').machine).toBeNull();
});

test('a mirror is the target of a job, no part of the chain', () => {
  const disk = only(`<disk type='file'><source file='/a'/><backingStore/><mirror type='file' job='copy'>
    <source file='/copy'/><backingStore type='file'><source file='/x'/></backingStore></mirror><target dev='vda'/></disk>`);
  expect(disk?.images.map(({ source }) => source)).toEqual([{ kind: 'file', path: '/a' }]);
});

test('an inactive definition has only the active image', () => {
  expect(only(`<disk type='file'><source file='/a'/><target dev='vda'/></disk>`)).toMatchObject({
    complete: false,
    images: [{ format: null, index: null }],
  });
});

test.each([
  [`<source pool='p' volume='v'/>`, { kind: 'volume', pool: 'p', volume: 'v', path: null }],
  [
    `<source protocol='nbd'><host transport='unix' socket='/run/s'/></source>`,
    { kind: 'network', protocol: 'nbd', name: '/run/s/' },
  ],
  [
    `<source protocol='rbd' name='pool/x'><host name='a' port='1'/><host name='b'/></source>`,
    { kind: 'network', protocol: 'rbd', name: 'a:1/b/pool/x' },
  ],
  [`<source dir='/d'/>`, { kind: 'file', path: '/d' }],
])('%s', (source, expected) => {
  expect(only(`<disk>${source}<target dev='vda'/></disk>`)?.images[0]?.source).toEqual(expected);
});

test('an empty drive has no image, and a CD-ROM drive is read-only', () => {
  expect(only(`<disk type='file' device='cdrom'><target dev='sda'/></disk>`)).toMatchObject({
    device: 'cdrom',
    readOnly: true,
    images: [],
    complete: true,
  });
  expect(
    only(`<disk type='file' device='floppy'><source startupPolicy='optional'/><target dev='fda'/></disk>`)
      ?.images,
  ).toEqual([]);
});

test('missing names, sources, devices and targets are accepted', () => {
  expect(domain('<disk/>')).toEqual({
    name: 'a & b',
    uuid: '0b8e',
    machine: null,
    labels: [],
    disks: [
      {
        target: '',
        device: 'disk',
        readOnly: false,
        discards: false,
        pivotReady: false,
        images: [],
        complete: true,
      },
    ],
  });
  expect(readDomain('<domain/>').disks).toEqual([]);
});

test.each([
  ['', false],
  [` discard='ignore'`, false],
  [` discard='unmap'`, true],
  // Clusters of zeros keep their place but not their room.
  [` discard='unmap' discard_no_unref='on'`, null],
])('a disk with%s gives the room of zeros back: %s', (option, discards) => {
  const disk = `<disk><driver type='qcow2'${option}/><source file='/a'/><target dev='vda'/></disk>`;
  expect(only(disk)?.discards).toBe(discards);
});
