import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../lab/run.ts';
import { plainChain } from './header-chain.ts';
import { imagesOf } from './qemu-img.ts';

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'backchain-headers-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  /** Makes an image; `-u` so that its backing image need not be there. */
  const create = (name: string, ...options: string[]) =>
    run('qemu-img', ['create', '-q', ...options, join(dir, name), '1M']);
  return { dir, create };
}

async function byQemu(path: string) {
  const images = await imagesOf(path, 'qcow2');
  return images.map(({ filename, format }) => ({ path: filename, format }));
}

test('a plain chain is read as by qemu-img', async () => {
  const { dir, create } = await folder();
  await mkdir(join(dir, 'sub'));
  await create('raw.img', '-f', 'raw');
  await create('old.qcow2', '-f', 'qcow2', '-o', 'compat=0.10', '-b', join(dir, 'raw.img'), '-F', 'raw');
  await create('sub/1.qcow2', '-f', 'qcow2', '-u', '-b', 'x/../../old.qcow2', '-F', 'qcow2');
  await mkdir(join(dir, 'sub/x'));
  await create(
    'ünïcode & "2".qcow2',
    '-f',
    'qcow2',
    '-o',
    'extended_l2=on',
    '-b',
    'sub/1.qcow2',
    '-F',
    'qcow2',
  );
  await create(
    '3.qcow2',
    '-f',
    'qcow2',
    '-o',
    'cluster_size=512',
    '-b',
    'ünïcode & "2".qcow2',
    '-F',
    'qcow2',
  );
  const top = join(dir, '3.qcow2');
  const chain = await plainChain(top, 'qcow2');
  expect(chain?.images).toHaveLength(5);
  expect(chain).toEqual({ images: await byQemu(top), end: 'base' });
});

test('a long name of a backing image is read as by qemu-img', async () => {
  const { dir, create } = await folder();
  const deep = join(dir, ...Array.from({ length: 3 }, () => 'd'.repeat(200)));
  await mkdir(deep, { recursive: true });
  const base = join(deep, 'base.qcow2');
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', base, '1M']);
  await create('top.qcow2', '-f', 'qcow2', '-b', base, '-F', 'qcow2');
  const top = join(dir, 'top.qcow2');
  expect(await plainChain(top, 'qcow2')).toEqual({ images: await byQemu(top), end: 'base' });
});

test('regression: qemu-img was started for each image above one that is not there', async () => {
  const { dir, create } = await folder();
  await create('top.qcow2', '-f', 'qcow2', '-u', '-b', 'middle.qcow2', '-F', 'qcow2');
  await create('middle.qcow2', '-f', 'qcow2', '-u', '-b', 'base.img', '-F', 'raw');
  const [top = '', ...below] = ['top.qcow2', 'middle.qcow2', 'base.img'].map((name) => join(dir, name));
  const images = [
    { path: top, format: 'qcow2' },
    { path: below[0], format: 'qcow2' },
    { path: below[1], format: 'raw' },
  ];
  expect(await plainChain(top, 'qcow2')).toEqual({ images, end: 'missing' });
  const refused = await imagesOf(top, 'qcow2').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'missing' });
});

test.each([
  ['json', ['-b', 'json:{"driver":"qcow2","file":{"driver":"file","filename":"/nowhere"}}', '-F', 'qcow2']],
  ['a protocol', ['-b', 'nbd+unix:///?socket=/nowhere', '-F', 'raw']],
  ['another format', ['-b', 'base.vmdk', '-F', 'vmdk']],
  ['a device', ['-b', '/dev/null', '-F', 'raw']],
])('%s as the backing image is left to qemu-img', async (_, backing) => {
  const { dir, create } = await folder();
  await create('base.vmdk', '-f', 'vmdk');
  await create('top.qcow2', '-f', 'qcow2', '-u', ...backing);
  expect(await plainChain(join(dir, 'top.qcow2'), 'qcow2')).toBeNull();
});

test('a chain without the backing format, a loop and a truncated one are left to qemu-img', async () => {
  const { dir, create } = await folder();
  await create('base.qcow2', '-f', 'qcow2');
  const nameless = join(dir, 'nameless.qcow2');
  await create('nameless.qcow2', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2');
  await erase(nameless, 'qcow2');
  expect(await plainChain(nameless, 'qcow2')).toBeNull();

  await create('tail.qcow2', '-f', 'qcow2', '-u', '-b', 'tail.qcow2', '-F', 'qcow2');
  expect(await plainChain(join(dir, 'tail.qcow2'), 'qcow2')).toBeNull();

  await create('data.qcow2', '-f', 'qcow2', '-o', `data_file=${dir}/data.raw`);
  expect(await plainChain(join(dir, 'data.qcow2'), 'qcow2')).toBeNull();

  await writeFile(join(dir, 'short.qcow2'), Buffer.from('QFI\xfb', 'latin1'));
  expect(await plainChain(join(dir, 'short.qcow2'), 'qcow2')).toBeNull();
});

test('a qcow2 header in an image that is declared raw is not believed', async () => {
  const { dir, create } = await folder();
  await create('base.qcow2', '-f', 'qcow2');
  await create('guest-wrote.raw', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2');
  const path = join(dir, 'guest-wrote.raw');
  expect(await plainChain(path, 'raw')).toEqual({ images: [{ path, format: 'raw' }], end: 'base' });
});

/** Takes the first header extension, which names the backing format, out of a new image. */
async function erase(path: string, format: string): Promise<void> {
  await using file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
  const at = buffer.indexOf(
    Buffer.concat([Buffer.from([0xe2, 0x79, 0x2a, 0xca, 0, 0, 0, 5]), Buffer.from(format)]),
  );
  expect(at).toBeGreaterThan(0);
  // An extension of another type, which nobody has to know.
  await file.write(Buffer.from([0x12, 0x34, 0x56, 0x78]), 0, 4, at);
}
