import { expect, test } from 'vitest';
import { readSnapshot } from './snapshot-xml.ts';

test('an external snapshot names the frozen image and its overlay', () => {
  const { record, images } =
    readSnapshot(`<domainsnapshot><name>sn 1</name><description>a &lt; b</description>
    <state>disk-snapshot</state><parent><name>sn0</name></parent><creationTime>1700000000</creationTime>
    <disks>
      <disk name='vda' snapshot='external' type='file'><driver type='qcow2'/><source file='/vm/a.sn1'/></disk>
      <disk name='vdb' snapshot='no'/>
      <disk name='vdc' snapshot='internal'/>
    </disks>
    <domain><name>x</name><devices>
      <disk type='file'><driver type='raw'/><source file='/vm/a.qcow2'/><target dev='vda'/></disk>
      <disk type='file'><source file='/vm/b.qcow2'/><target dev='vdb'/></disk>
      <disk type='file'><source file='/vm/c.qcow2'/><target dev='vdc'/></disk>
      <disk type='file' device='cdrom'><source file='/vm/d.iso'/><target dev='sda'/></disk>
    </devices></domain></domainsnapshot>`);
  expect(record).toEqual({
    name: 'sn 1',
    description: 'a < b',
    createdAt: 1_700_000_000_000,
    parent: 'sn0',
    disks: [
      { target: 'vda', kind: 'external', frozen: '/vm/a.qcow2', overlay: '/vm/a.sn1' },
      { target: 'vdb', kind: 'none', frozen: '/vm/b.qcow2', overlay: null },
      { target: 'vdc', kind: 'internal', frozen: '/vm/c.qcow2', overlay: null },
    ],
    media: [{ target: 'sda', image: '/vm/d.iso' }],
  });
  expect(images).toMatchObject([
    { source: { path: '/vm/a.qcow2' }, format: 'raw' },
    { source: { path: '/vm/b.qcow2' } },
    { source: { path: '/vm/c.qcow2' } },
    { source: { path: '/vm/d.iso' } },
  ]);
});

test('a record of an old libvirt has few fields', () => {
  const { record } = readSnapshot(`<domainsnapshot><name>old</name><creationTime>5</creationTime>
    <disks><disk name='vda' snapshot='external'/></disks></domainsnapshot>`);
  expect(record).toMatchObject({ description: null, parent: null, createdAt: 5000 });
  expect(record.disks).toEqual([{ target: 'vda', kind: 'external', frozen: null, overlay: null }]);
});

test('a revert goes by the inactive definition, and says what it made; a deletion that was interrupted is marked', () => {
  const { record, images } = readSnapshot(`<domainsnapshot><name>s1</name><creationTime>5</creationTime>
    <disks>
      <disk name='vda' snapshot='external'><source file='/vm/s1'/><snapshotDeleteInProgress/></disk>
      <disk name='vdb' snapshot='no'/>
      <disk name='vdc' snapshot='external'><source file='/vm/c1'/></disk>
    </disks>
    <revertDisks>
      <disk name='vda' snapshot='external' type='file'><driver type='qcow2'/><source file='/vm/base.1'/></disk>
      <disk name='vdb' snapshot='external' type='file'><driver type='qcow2'/><source file='/vm/b.1'/></disk>
    </revertDisks>
    <domain><devices>
      <disk type='file'><source file='/vm/live.qcow2'/><target dev='vda'/></disk>
      <disk type='file'><source file='/vm/c.qcow2'/><target dev='vdc'/></disk>
    </devices></domain>
    <inactiveDomain><devices>
      <disk type='file'><source file='/vm/base.qcow2'/><target dev='vda'/></disk>
      <disk type='file'><source file='/vm/b.raw'/><target dev='vdb'/></disk>
    </devices></inactiveDomain></domainsnapshot>`);
  expect(record.disks).toEqual([
    {
      target: 'vda',
      kind: 'external',
      frozen: '/vm/base.qcow2',
      overlay: '/vm/s1',
      reverted: '/vm/base.1',
      deleting: true,
    },
    { target: 'vdb', kind: 'none', frozen: '/vm/b.raw', overlay: null, reverted: '/vm/b.1' },
    { target: 'vdc', kind: 'external', frozen: '/vm/c.qcow2', overlay: '/vm/c1' },
  ]);
  expect(images.map(({ source }) => source)).toMatchObject([
    { path: '/vm/base.qcow2' },
    { path: '/vm/c.qcow2' },
    { path: '/vm/b.raw' },
    { path: '/vm/base.1' },
    { path: '/vm/b.1' },
  ]);
});

test('a frozen image that the record names as a volume is no plain file', () => {
  const of = (source: string) =>
    readSnapshot(`<domainsnapshot><name>v</name><disks><disk name='vda' snapshot='external'/></disks>
      <domain><name>x</name><devices><disk type='${source.startsWith('pool') ? 'volume' : 'file'}'>
      <source ${source}/><target dev='vda'/></disk></devices></domain></domainsnapshot>`).record.disks[0]
      ?.volume;
  expect([of("pool='default' volume='a.qcow2'"), of("file='/vm/a.qcow2'")]).toEqual([true, undefined]);
});

test('a snapshot that has the guest’s memory is none of its disks alone', () => {
  const of = (kind: string) =>
    readSnapshot(`<domainsnapshot><name>m</name><memory snapshot='${kind}'/></domainsnapshot>`).record.memory;
  expect(['external', 'internal', 'no'].map(of)).toEqual([true, true, undefined]);
});
