import { expect, test } from 'vitest';
import { readSnapshot } from './snapshot-xml.ts';

test('an external snapshot names the frozen image and its overlay', () => {
  const record = readSnapshot(`<domainsnapshot><name>sn 1</name><description>a &lt; b</description>
    <state>disk-snapshot</state><parent><name>sn0</name></parent><creationTime>1700000000</creationTime>
    <disks>
      <disk name='vda' snapshot='external' type='file'><driver type='qcow2'/><source file='/vm/a.sn1'/></disk>
      <disk name='vdb' snapshot='no'/>
      <disk name='vdc' snapshot='internal'/>
    </disks>
    <domain><name>x</name><devices>
      <disk type='file'><source file='/vm/a.qcow2'/><target dev='vda'/></disk>
      <disk type='file'><source file='/vm/c.qcow2'/><target dev='vdc'/></disk>
    </devices></domain></domainsnapshot>`);
  expect(record).toEqual({
    name: 'sn 1',
    description: 'a < b',
    createdAt: 1_700_000_000_000,
    parent: 'sn0',
    disks: [
      { target: 'vda', kind: 'external', frozen: '/vm/a.qcow2', overlay: '/vm/a.sn1' },
      { target: 'vdc', kind: 'internal', frozen: '/vm/c.qcow2', overlay: null },
    ],
  });
});

test('a record of an old libvirt has few fields', () => {
  const record = readSnapshot(`<domainsnapshot><name>old</name><creationTime>5</creationTime>
    <disks><disk name='vda' snapshot='external'/></disks></domainsnapshot>`);
  expect(record).toMatchObject({ description: null, parent: null, createdAt: 5000 });
  expect(record.disks).toEqual([{ target: 'vda', kind: 'external', frozen: null, overlay: null }]);
});
