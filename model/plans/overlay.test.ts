import { expect, test } from 'vitest';
import { keys } from '../fleet/chain.ts';
import { chainOf, diskWith, GIB, imageAt } from '../testing.ts';
import { overlaid, overlayFile } from './overlay.ts';
import { snapshotStep } from './snapshot-step.ts';

test('an overlay is empty, as large as its backing image, and on top', () => {
  const chain = chainOf('/a', '/b');
  const after = overlaid(chain, '/new');
  expect(keys(after)).toEqual(['/new', '/a', '/b']);
  expect(after.images[0]).toMatchObject({ format: 'qcow2', virtualSize: GIB, index: null });
  expect(after.images.slice(1)).toEqual(chain.images);
});

test.each([
  ['/vm/disk.qcow2', '/vm/disk.s1.qcow2'],
  ['/vm/disk.s0', '/vm/disk.s1.qcow2'],
  ['/vm/disk.s0.qcow2', '/vm/disk.s1.qcow2'],
  ['/vm/disk', '/vm/disk.s1.qcow2'],
  ['/vm.d/disk', '/vm.d/disk.s1.qcow2'],
  ['/vm/a b.ü.img', '/vm/a b.ü.s1.qcow2'],
  ['/vm/db.example.org.qcow2', '/vm/db.example.org.s1.qcow2'],
])('beside %s: %s, as libvirt names it, and as a qcow2 image', (path, expected) => {
  expect(overlayFile(chainOf(path), 's1')).toBe(expected);
});

test('the overlay of an overlay has no longer name, whatever the snapshots are called', () => {
  expect(overlayFile(chainOf('/vm/disk.friday.qcow2', '/vm/disk.qcow2'), 'monday')).toBe(
    '/vm/disk.monday.qcow2',
  );
});

test.each([
  [{ kind: 'block', path: '/dev/vg/lv' }, null],
  [{ kind: 'network', protocol: 'nbd', name: '/sock' }, null],
  [{ kind: 'volume', pool: 'p', volume: 'v.qcow2', path: null }, null],
  [{ kind: 'volume', pool: 'p', volume: 'v.qcow2', path: '/vm/v.qcow2' }, '/vm/v.s1.qcow2'],
] as const)('beside %j: %s', (source, expected) => {
  expect(overlayFile({ images: [imageAt('', { source })] }, 's1')).toBe(expected);
});

test('a step says what it does to each disk, and which it leaves alone', () => {
  const disks = [diskWith(chainOf('/a')), diskWith(null, { target: 'sda' })];
  const asked = { name: 's', description: 'd', quiesce: true };
  expect(snapshotStep('alpha', disks, asked, [{ target: 'vda', file: '/new' }])).toEqual({
    kind: 'snapshot',
    hostId: 'alpha',
    ...asked,
    disks: [{ target: 'vda', file: '/new', before: ['/a'], after: ['/new', '/a'] }],
    others: ['sda'],
  });
});
