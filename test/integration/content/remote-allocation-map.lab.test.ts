import { chmod, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run, runAll } from '../../../lab/run.ts';
import type { ClusterMap } from '../../../model/content/cluster-map.ts';
import { predictPull } from '../../../model/cost/pull-prediction.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { flattenTo, imageAt } from '../../../model/testing.ts';
import { LocalAllocationMap } from '../../../server/hosts/content/local-allocation-map.ts';
import { RemoteAllocationMap } from '../../../server/hosts/content/remote-allocation-map.ts';
import { readLocalImage } from '../../../server/hosts/images/local-image.ts';
import { parseUri, type SshTarget } from '../../../server/libvirt/index.ts';
import { type SshServer, startSshServer } from '../../../server/libvirt/testing/ssh-server.ts';
import { makeRandomChain, randomFrom } from '../../support/random-chain.ts';
import { alpha, contentOf, dashboard, folder, guestFor, lab } from '../../support/rig.ts';
import { sshToAlpha } from '../../support/ssh.ts';

/** More of them: `ROUNDS=100 npm run test:lab -- remote-allocation-map`. */
const ROUNDS = Number(process.env.ROUNDS ?? 5);

const server = await sshToAlpha();

function target(changes: Partial<SshTarget> = {}): SshTarget {
  return { ...targetOf(server), ...changes };
}

function targetOf({ user, port, keyfile }: SshServer): SshTarget {
  const parsed = parseUri(`qemu+ssh://${user}@127.0.0.1:${port}/session?keyfile=${keyfile}`);
  if (parsed.transport !== 'ssh') throw new Error('This is an ssh URI');
  return parsed;
}

async function imagesAt(files: readonly { path: string; format: string }[]): Promise<readonly Image[]> {
  return Promise.all(
    files.map(async ({ path, format }) => imageAt(path, { format, ...(await readLocalImage(path, format)) })),
  );
}

test(
  'an image is described through ssh as its own tables describe it, and what a pull writes is in the predicted range',
  async () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const { path } = await folder();
      const files = await makeRandomChain(path, randomFrom(seed));
      const images = await imagesAt(files);
      const [near, far] = [new LocalAllocationMap(), new RemoteAllocationMap(target())];
      const [here, there] = await Promise.all([near.maps(images), far.maps(images)]);
      expect([...there.keys()]).toEqual(images.map(({ key }) => key));
      for (const { key } of images)
        expect(bitsOf(there.get(key)), `seed ${seed}, ${key}`).toEqual(bitsOf(here.get(key)));
      const now = { images };
      const reported = await near.layouts(images.slice(0, 1));
      const assumed = await far.layouts(images.slice(0, 1));
      const exact = predictPull(now, images.length, { maps: here, layouts: reported, guestRuns: false });
      const range = predictPull(now, images.length, { maps: there, layouts: assumed, guestRuns: false });
      expect(range?.least, `seed ${seed}`).toBeLessThanOrEqual(exact?.least ?? -1);
      expect(range?.most, `seed ${seed}`).toBeGreaterThanOrEqual(exact?.most ?? Number.POSITIVE_INFINITY);
    }
  },
  30_000 + ROUNDS * 15_000,
);

test('a guest is planned and flattened through ssh, by its allocation maps', async () => {
  const guest = await guestFor({ name: 'far-away', disks: [{ layers: 3, size: 64 * 2 ** 20 }] });
  const { port, user, keyfile } = server;
  const uri = `qemu+ssh://${user}@127.0.0.1:${port}/session?keyfile=${keyfile}`;
  const { preview, flatten, reached, chain } = await dashboard({ ...alpha, uri });
  const before = await contentOf(guest);
  const { cost, warnings } = await preview(guest, flattenTo(null));
  expect(cost.predicted).toMatchObject({ basis: 'qemu-img-map' });
  expect(cost.predicted?.least).toBeGreaterThanOrEqual(2 * 2 ** 20);
  expect(warnings.filter(({ code }) => code.startsWith('EXTENTS'))).toEqual([]);
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(1);
  expect(await contentOf(guest)).toBe(before);
});

test('a name is never read as a command, whatever is in it', async () => {
  const { path } = await folder();
  const names = [
    `it's a "file" & more; touch hacked ü.qcow2`,
    '$(touch hacked)`touch hacked`.qcow2',
    '-rf, backing=x:y?.qcow2',
    'two\nlines.qcow2',
    '{"a": 1}, \\"b.qcow2',
  ];
  const plain = join(path, 'plain');
  for (const name of names) {
    await runAll([
      ['qemu-img', 'create', '-q', '-f', 'qcow2', plain, '1M'],
      ['qemu-io', '-f', 'qcow2', '-c', 'write -q 64k 128k', plain],
    ]);
    await rename(plain, join(path, name));
  }
  const images = names.map((name) => imageAt(join(path, name)));
  const maps = await new RemoteAllocationMap(target()).maps(images);
  expect([...maps].map(([key, { data }]) => [key, [...data]])).toEqual(
    images.map(({ key }) => [key, [0b110]]),
  );
  expect((await readdir(path)).toSorted()).toEqual(names.toSorted());
});

test('what was read is kept until the file is written to', { timeout: 30_000 }, async () => {
  const { path } = await folder();
  const file = join(path, 'image.qcow2');
  await runAll([['qemu-img', 'create', '-q', '-f', 'qcow2', file, '1M']]);
  const far = new RemoteAllocationMap(target());
  const read = async () => (await far.maps([imageAt(file)])).get(file);
  const isKept = async () => {
    const first = await read();
    return first !== undefined && first === (await read());
  };
  await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
  await runAll([['qemu-io', '-f', 'qcow2', '-c', 'write -q 0 64k', file]]);
  expect([...((await read())?.data ?? [])]).toEqual([1]);
});

test('regression: a plan did not say why images could not be read through ssh', async () => {
  const { path } = await folder();
  const file = join(path, 'image.qcow2');
  await runAll([['qemu-img', 'create', '-q', '-f', 'qcow2', file, '1M']]);
  // The session's PATH has everything but qemu-img.
  const bin = join(path, 'bin');
  await mkdir(bin);
  for (const name of ['sh', 'stat', 'date', 'printf', 'cat']) {
    await symlink(
      (await run('sh', ['-c', `command -v ${name} | grep / || echo /usr/bin/${name}`])).trim(),
      join(bin, name),
    );
  }
  const bare = await startSshServer(lab, alpha, { PATH: bin });
  onTestFinished(() => bare.stop());
  const images = [imageAt(file), imageAt(join(path, 'gone'))];
  const without = new RemoteAllocationMap(targetOf(bare));
  vi.stubEnv('PATH', process.env.PATH?.replace(server.bin, bare.bin) ?? '');
  const none = await without.maps(images.slice(0, 1)).finally(() => {
    vi.stubEnv('PATH', process.env.PATH?.replace(bare.bin, server.bin) ?? '');
  });
  expect(none).toEqual(new Map());
  expect(without.readError(images)).toMatchObject({ code: 'EXTENTS_NO_QEMU_IMG' });
  const away = new RemoteAllocationMap(target({ keyfile: '/nowhere' }));
  await away.maps(images);
  expect(away.readError(images)).toMatchObject({ code: 'EXTENTS_NO_SHELL' });
  const far = new RemoteAllocationMap(target());
  expect([...(await far.maps(images)).keys()]).toEqual([file]);
  expect(far.readError(images.slice(0, 1))).toBeNull();
});

test('what can’t be read there is left out, and the others are described', async () => {
  const { path } = await folder();
  const [good, gone, pipe, broken] = ['good', 'gone', 'pipe', 'broken'].map((name) => join(path, name));
  if (!good || !gone || !pipe || !broken) throw new Error('Four names are expected');
  await runAll([['qemu-img', 'create', '-q', '-f', 'qcow2', good, '1M']]);
  await run('mkfifo', [pipe]);
  await writeFile(broken, 'no image');
  const images = [good, gone, pipe, broken].map((name) => imageAt(name));
  const far = new RemoteAllocationMap(target());
  expect([...(await far.maps(images)).keys()]).toEqual([good]);
  expect([...(await far.layouts(images)).keys()]).toEqual([good]);
});

test('a host that can’t be reached, or has no qemu-img, is asked once and not for every plan', async () => {
  const { path } = await folder();
  const file = join(path, 'image.qcow2');
  await runAll([['qemu-img', 'create', '-q', '-f', 'qcow2', file, '1M']]);
  const asked = join(path, 'asked');
  await standIn(path, `echo once >>'${asked}'; exit 255`);
  const far = new RemoteAllocationMap(target());
  for (let i = 0; i < 100; i++) expect(await far.maps([imageAt(file)])).toEqual(new Map());
  expect(await readFile(asked, 'utf8')).toBe('once\n');
});

test('nobody waits for a silent host longer than the limit', async () => {
  const { path } = await folder();
  // A session that begins and then is silent.
  await standIn(path, 'exec tail -f /dev/null');
  const began = performance.now();
  expect(await new RemoteAllocationMap(target(), 500).maps([imageAt('/image')])).toEqual(new Map());
  expect(performance.now() - began).toBeLessThan(10_000);
});

/** Replaces ssh by a script until the test ends. */
async function standIn(within: string, script: string): Promise<void> {
  const bin = join(within, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'ssh'), 0o755);
  const before = process.env.PATH ?? '';
  vi.stubEnv('PATH', `${bin}:${before}`);
  onTestFinished(() => void vi.stubEnv('PATH', before));
}

/** The same whatever is beyond the end of the disk. */
function bitsOf(map: ClusterMap | undefined) {
  return map && { unit: map.clusterSize, data: [...map.data], zeros: [...map.zeros] };
}
