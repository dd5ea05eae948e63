import { expect, test } from 'vitest';
import { readCheckpoint } from './checkpoint-xml.ts';

test('a checkpoint names the disks that have a bitmap of it, and the checkpoint before it', () => {
  const checkpoint = readCheckpoint(`<domaincheckpoint><name>c &lt;2&gt;</name>
    <parent><name>c1</name></parent><creationTime>1700000000</creationTime>
    <disks>
      <disk name='vda' checkpoint='bitmap' bitmap='c2'/>
      <disk name='vdb' checkpoint='no'/>
      <disk name='vdc' checkpoint='bitmap' bitmap='other'/>
    </disks>
    <domain><name>x</name><devices><disk type='file'><target dev='vdb'/></disk></devices></domain>
    </domaincheckpoint>`);
  expect(checkpoint).toEqual({
    name: 'c <2>',
    createdAt: 1_700_000_000_000,
    parent: 'c1',
    disks: ['vda', 'vdc'],
  });
});

test('a checkpoint without a parent is the first one', () => {
  expect(
    readCheckpoint('<domaincheckpoint><name>c1</name><creationTime>5</creationTime></domaincheckpoint>'),
  ).toEqual({ name: 'c1', createdAt: 5000, parent: null, disks: [] });
});
