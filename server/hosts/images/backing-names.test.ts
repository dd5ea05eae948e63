import { expect, test } from 'vitest';
import { backingNames, hasUnreadBacking } from './backing-names.ts';

/** The start of a qcow2 image that names this backing image. */
function naming(name: string): Buffer {
  const start = Buffer.alloc(4096);
  start.writeUInt32BE(0x514649fb, 0);
  start.writeUInt32BE(3, 4);
  start.writeBigUInt64BE(512n, 8);
  start.writeUInt32BE(start.write(name, 512), 16);
  return start;
}

test.each([
  ['/vm/base.qcow2', ['/vm/base.qcow2']],
  ['base.qcow2', ['/vm/sub/base.qcow2']],
  ['../base 名.qcow2', ['/vm/base 名.qcow2']],
  ['file:/vm/base.qcow2', ['/vm/sub/file:/vm/base.qcow2', '/vm/base.qcow2']],
  ['json:{"driver":"qcow2","file":{"driver":"file","filename":"/vm/\\"a\\".qcow2"}}', ['/vm/"a".qcow2']],
  ['json:{"file.filename":"/vm/a.qcow2"}', ['/vm/a.qcow2']],
  ['nbd://host/export', ['/vm/sub/nbd:/host/export']],
])('%s', (name, paths) => {
  expect(backingNames(naming(name), '/vm/sub/over.qcow2')).toEqual(paths);
});

test('the data file is named beside the backing image, and reported as unread where its name is missing', () => {
  const start = naming('base.qcow2');
  start.writeBigUInt64BE(1n << 2n, 72);
  start.writeUInt32BE(112, 100);
  expect(hasUnreadBacking(start)).toBe(true);
  start.writeUInt32BE(0x44415441, 112);
  start.writeUInt32BE(start.write('/data/a.raw', 120), 116);
  expect(hasUnreadBacking(start)).toBe(false);
  expect(backingNames(start, '/vm/over.qcow2')).toEqual(['/vm/base.qcow2', '/data/a.raw']);
});

test('an image without a backing image, or no qcow2 image, names none', () => {
  expect(backingNames(Buffer.alloc(4096), '/vm/raw')).toEqual([]);
  expect(backingNames(Buffer.alloc(3), '/vm/short')).toEqual([]);
  const base = naming('');
  base.writeBigUInt64BE(0n, 8);
  expect(backingNames(base, '/vm/base')).toEqual([]);
  const broken = naming('/vm/base');
  broken.writeUInt32BE(5000, 16);
  expect(backingNames(broken, '/vm/broken')).toEqual([]);
  expect([base, broken, naming('/vm/base')].map(hasUnreadBacking)).toEqual([false, true, false]);
});
