import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LayerSpec, MiB } from '../../../lab/image.ts';
import { handOver } from '../../../lab/namespace.ts';
import { until } from '../../../lab/process.ts';
import { attempt, run } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { Image } from '../../../model/fleet/image.ts';
import { isStale } from '../../../model/fleet/snapshot-record.ts';
import { flattenTo } from '../../../model/testing.ts';
import { alpha, contentOf, dashboard, folder, guestFor, lab } from '../../support/rig.ts';

const write = (pattern: number, offset = 0) => [{ pattern, offset, length: MiB }];

const KEY = 'open sesame';

/** `qemu-img create` with `KEY` at hand. It times its key by the CPU that it used, and makes no image where the kernel has counted none yet. */
async function makeEncrypted(words: readonly string[]): Promise<void> {
  const command = ['create', '-q', '--object', `secret,id=key,data=${KEY}`, ...words];
  await until('an encrypted image', async () => {
    const made = await attempt('qemu-img', command);
    if (!made.stderr.includes('Unable to get accurate CPU usage')) expect(made).toMatchObject({ status: 0 });
    return made.status === 0;
  });
}

/** Flattens the disk, wholly or toward its base, and proves that the guest reads what it read before. */
async function flattenAll(
  name: string,
  layers: readonly LayerSpec[],
  toward: 'nothing' | 'base' = 'nothing',
): Promise<readonly Image[]> {
  const guest = await guestFor({ name, disks: [{ layers, size: 16 * MiB }] });
  const { preview, flatten, reached, chain } = await dashboard();
  const before = await contentOf(guest);
  const position = toward === 'base' ? layers.length - 1 : null;
  const base = position === null ? null : (chain(guest)[position] ?? '');
  const plan = await preview(guest, flattenTo(base));
  expect(plan.refusals).toEqual([]);
  const { id } = await flatten(guest, position);
  const operation = await reached(id, 'succeeded', 'failed');
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
  expect(operation.grownBy).toBeLessThanOrEqual(plan.cost.atMost ?? 0);
  expect(chain(guest)).toEqual(plan.disks[0]?.after.images.map(({ key }) => key));
  expect(await contentOf(guest)).toBe(before);
  return plan.disks[0]?.now.images ?? [];
}

test('a raw base is flattened', async () => {
  const images = await flattenAll('odd-raw', [
    { file: 'odd-raw-0.img', format: 'raw', writes: write(1) },
    { file: 'odd-raw-1.qcow2', writes: write(2, 4 * MiB) },
  ]);
  expect(images.map(({ format, virtualSize }) => [format, virtualSize])).toEqual([
    ['qcow2', 16 * MiB],
    ['raw', 16 * MiB],
  ]);
});

test('names that need care everywhere are shown and flattened as they are', async () => {
  const names = ['a b.qcow2', `it's "2" & <3>.qcow2`, 'ü 名 $(x) `y`.qcow2', '-c,file=x:y.qcow2'];
  const images = await flattenAll(
    'odd "names" & 名',
    names.map((file, i) => ({ file, writes: write(i + 1, i * MiB) })),
  );
  expect(images.map(({ key }) => key)).toEqual(names.toReversed().map((name) => join(alpha.images, name)));
});

test.each(['nothing', 'base'] as const)('a base behind NBD: flattened toward %s', async (toward) => {
  const name = `odd-nbd-${toward}`;
  const base = join(alpha.images, `${name}-0.qcow2`);
  const [socket, pid] = [join(lab.dir, `${name}.sock`), join(lab.dir, `${name}.pid`)];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', base, String(16 * MiB)]);
  await run('qemu-io', ['-f', 'qcow2', '-c', `write -q -P 5 0 ${MiB}`, base]);
  const serve = [
    '--fork',
    '--persistent',
    '--shared=8',
    '-k',
    socket,
    '-f',
    'qcow2',
    '--pid-file',
    pid,
    base,
  ];
  await run('qemu-nbd', serve);
  onTestFinished(async () => {
    process.kill(Number((await readFile(pid, 'utf8')).trim()));
    await Promise.all([base, socket].map((path) => rm(path, { force: true })));
  });
  await chmod(socket, 0o666);
  const images = await flattenAll(
    name,
    [
      { file: `nbd+unix:///?socket=${socket}`, format: 'raw', existing: true },
      { file: `${name}-1.qcow2`, writes: write(6, 2 * MiB) },
      { file: `${name}-2.qcow2` },
    ],
    toward,
  );
  expect(images[2]).toMatchObject({
    source: { kind: 'network', protocol: 'nbd' },
    virtualSize: null,
    allocated: null,
  });
});

test('a `type=volume` disk is shown with its path, and flattened', async () => {
  const file = 'odd-volume-1.qcow2';
  const guest = await guestFor({
    name: 'odd-volume',
    disks: [
      {
        pool: 'default',
        layers: [{ file: 'odd-volume-0.qcow2', writes: write(1) }, { file }],
        size: 16 * MiB,
      },
    ],
  });
  const { preview, flatten, reached, chain, guest: known } = await dashboard();
  const before = await contentOf(guest);
  const path = join(alpha.images, file);
  expect(chain(guest)[0]).toBe(path);
  const plan = await preview(guest, flattenTo(null));
  expect(plan.disks[0]?.now.images[0]?.source).toEqual({
    kind: 'volume',
    pool: 'default',
    volume: file,
    path,
  });
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toEqual([path]);
  expect(await contentOf(guest)).toBe(before);
  // Regression: libvirt's record names the volume by its pool, and was taken for stale.
  const overlay = join(alpha.images, 'odd-volume-2.qcow2');
  guest.files.push(overlay);
  await virsh(
    alpha,
    'snapshot-create-as',
    guest.uuid,
    'one',
    '--disk-only',
    '--diskspec',
    `vda,file=${overlay}`,
  );
  await until('the snapshot', async () => known(guest).records.length === 1 && chain(guest).length === 2);
  expect(known(guest).records.map((record) => isStale(record, known(guest).disks))).toEqual([false]);
  // The volume is a base now, and named by its path.
  const top = join(alpha.images, 'odd-volume-3.qcow2');
  guest.files.push(top);
  await virsh(alpha, 'snapshot-create-as', guest.uuid, 'two', '--disk-only', '--diskspec', `vda,file=${top}`);
  await until('the second snapshot', async () => chain(guest).length === 3);
  const again = await flatten(guest, 2);
  expect(await reached(again.id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toEqual([top, path]);
  expect(await contentOf(guest)).toBe(before);
});

test('an empty drive is shown, and has nothing to flatten', async () => {
  const guest = await guestFor({ name: 'odd-cdrom', cdrom: 'sda' });
  const { preview, guest: known } = await dashboard();
  expect(known(guest).disks.find(({ target }) => target === 'sda')).toEqual({
    target: 'sda',
    device: 'cdrom',
    discards: false,
    readOnly: true,
    chain: null,
    problem: null,
    job: null,
  });
  const plan = await preview(guest, flattenTo(null, { target: 'sda' }));
  expect(plan.refusals).toEqual([{ code: 'DISK_EMPTY', params: { target: 'sda' } }]);
});

test('a pull into an active image with extended L2 entries is refused on a QEMU that may die of it', async () => {
  const guest = await guestFor({
    name: 'odd-extended',
    disks: [
      {
        layers: [
          { file: 'odd-ext-0.qcow2', writes: write(7) },
          { file: 'odd-ext-1.qcow2', options: 'extended_l2=on' },
        ],
      },
    ],
  });
  const { preview, flatten, fleet } = await dashboard();
  const plan = await preview(guest, flattenTo(null));
  const aborts = fleet.hosts()[0]?.capabilities.extendedL2Aborts;
  expect(plan.refusals).toEqual(
    aborts ? [{ code: 'EXTENDED_L2', params: { image: 'odd-ext-1.qcow2' } }] : [],
  );
  if (aborts) await expect(flatten(guest, null)).rejects.toMatchObject({ kind: 'refused' });
});

test('a layer with internal snapshots is refused, one below the base is not', async () => {
  const guest = await guestFor({
    name: 'odd-internal',
    disks: [
      {
        layers: [
          { file: 'odd-int-0.qcow2', writes: write(1) },
          { file: 'odd-int-1.qcow2', writes: write(2), internalSnapshot: 'before-upgrade' },
          { file: 'odd-int-2.qcow2' },
          { file: 'odd-int-3.qcow2' },
        ],
      },
    ],
  });
  const { preview, chain } = await dashboard();
  const refused = await preview(guest, flattenTo(chain(guest)[3] ?? ''));
  expect(refused.refusals).toEqual([
    { code: 'INTERNAL_SNAPSHOTS', params: { image: 'odd-int-1.qcow2', count: 1 } },
  ]);
  const fine = await preview(guest, flattenTo(chain(guest)[2] ?? ''));
  expect(fine.refusals).toEqual([]);
});

test('regression: encrypted data would have been written in the clear by a flatten', async () => {
  const file = (name: string) => join(alpha.images, `odd-secret-${name}.qcow2`);
  const [base, secret] = [file('0'), file('1')];
  onTestFinished(
    async () => void (await Promise.all([base, secret].map((path) => rm(path, { force: true })))),
  );
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', base, '16M']);
  const luks = 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10';
  await makeEncrypted(['-f', 'qcow2', '-o', luks, '-u', '-b', base, '-F', 'qcow2', secret, '16M']);
  const guest = await guestFor({
    name: 'odd-secret',
    state: 'shut off',
    disks: [
      {
        layers: [{ file: base, existing: true }, { file: secret, existing: true }, { file: file('2') }],
        size: 16 * MiB,
      },
    ],
  });
  const { preview, flatten, chain } = await dashboard();
  expect(chain(guest)).toEqual([file('2'), secret, base]);
  const named = { image: 'odd-secret-1.qcow2', active: 'odd-secret-2.qcow2' };
  const { refusals } = await preview(guest, flattenTo(base));
  expect(refusals).toEqual([{ code: 'PULL_WOULD_DECRYPT', params: named }]);
  await expect(flatten(guest, 2)).rejects.toMatchObject({ problem: { code: 'PULL_WOULD_DECRYPT' } });
  const down = { kind: 'merge-down', target: 'vda', top: secret, base, forgetAfter: true } as const;
  expect((await preview(guest, down)).refusals.map(({ code }) => code)).toContain('WOULD_DECRYPT');
});

test('regression: a raw image that libvirt opens with a key was taken for one in the clear', async () => {
  const [secret, top] = ['odd-luks-0.img', 'odd-luks-1.qcow2'].map((name) => join(alpha.images, name));
  if (!secret || !top) throw new Error('Two names are expected');
  const key = '4f2b6a9e-0000-4000-8000-00000000001c';
  const { path } = await folder();
  onTestFinished(async () => {
    await virsh(alpha, 'secret-undefine', key);
    await Promise.all([secret, top].map((file) => rm(file, { force: true })));
  });
  await makeEncrypted(['-f', 'luks', '-o', 'key-secret=key,iter-time=10', secret, '16M']);
  await handOver(lab.namespace, secret);
  await writeFile(join(path, 'key.xml'), `<secret ephemeral='no' private='no'><uuid>${key}</uuid></secret>`);
  await writeFile(join(path, 'key'), KEY);
  await virsh(alpha, `secret-define ${path}/key.xml; secret-set-value ${key} --file ${path}/key --plain`);
  const layers = [{ file: secret, existing: true, format: 'raw' as const }];
  const guest = await guestFor({ name: 'odd-luks', state: 'shut off', disks: [{ layers, size: 16 * MiB }] });
  const encryption = `<encryption format='luks'><secret type='passphrase' uuid='${key}'/></encryption>`;
  const xml = await virsh(alpha, 'dumpxml', guest.uuid);
  await writeFile(
    join(path, 'guest.xml'),
    xml.replace(/(<source file=[^>]*)\/>/, `$1>${encryption}</source>`),
  );
  await virsh(alpha, 'define', join(path, 'guest.xml'));
  const { preview, flatten, guest: known } = await dashboard();
  const shown = () => known(guest).disks[0];
  const encrypted = { format: 'luks', virtualSize: 16 * MiB, traits: { known: true, encrypted: true } };
  expect(shown()).toMatchObject({ problem: null, chain: { images: [encrypted] } });

  await virsh(alpha, 'start', guest.uuid);
  const snapshot = { kind: 'snapshot', name: 's', description: '', quiesce: false } as const;
  const disks = [{ target: 'vda', file: top }];
  expect((await preview(guest, { ...snapshot, disks })).warnings.map(({ code }) => code)).toContain(
    'OVERLAY_NOT_ENCRYPTED',
  );
  const spec = `vda,file=${top}`;
  await virsh(alpha, 'snapshot-create-as', guest.uuid, '--disk-only', '--no-metadata', '--diskspec', spec);
  const { refusals } = await preview(guest, flattenTo(null));
  expect(refusals.map(({ code }) => code)).toEqual(['PULL_WOULD_DECRYPT']);
  await expect(flatten(guest, null)).rejects.toMatchObject({ problem: { code: 'PULL_WOULD_DECRYPT' } });
  expect(shown()).toMatchObject({ chain: { images: [{ format: 'qcow2' }, encrypted] } });
  await virsh(alpha, 'destroy', guest.uuid);
});

test('an image that keeps its data in a separate file is reported, and flattened with what is in it', async () => {
  const [split, data] = ['qcow2', 'raw'].map((end) => join(alpha.images, `odd-split-0.${end}`));
  if (!split || !data) throw new Error('Two names are expected');
  onTestFinished(
    async () => void (await Promise.all([split, data].map((path) => rm(path, { force: true })))),
  );
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', '-o', `data_file=${data}`, split, '16M']);
  await run('qemu-io', ['-f', 'qcow2', '-c', `write -q -P 3 0 ${MiB}`, split]);
  for (const path of [split, data]) await handOver(lab.namespace, path);
  const layers = [
    { file: split, existing: true },
    { file: 'odd-split-1.qcow2', writes: write(4, 2 * MiB) },
  ];
  const guest = await guestFor({ name: 'odd-split', disks: [{ layers, size: 16 * MiB }] });
  const { preview, flatten, reached } = await dashboard();
  // By qemu-img: where such an image holds its data is in no map of its own file.
  const copy = join((await folder()).path, 'copy.raw');
  const active = guest.disks[0]?.images[0] ?? '';
  await run('qemu-img', ['convert', '-U', '-O', 'raw', active, copy]);
  expect((await preview(guest, flattenTo(null))).warnings).toContainEqual({
    code: 'DATA_FILE',
    params: { image: 'odd-split-0.qcow2' },
  });
  const { id } = await flatten(guest, null);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded', problem: null });
  await virsh(alpha, 'destroy', guest.uuid);
  expect(await run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', copy, active])).toContain('identical');
});

test('two disks on one base know of each other, and one is flattened without the other', async () => {
  const base = 'odd-shared-0.qcow2';
  const guest = await guestFor({
    name: 'odd-shared',
    disks: [
      {
        target: 'vda',
        size: 16 * MiB,
        layers: [{ file: base, writes: write(1) }, { file: 'odd-shared-a.qcow2' }],
      },
      {
        target: 'vdb',
        size: 16 * MiB,
        layers: [{ file: base, existing: true }, { file: 'odd-shared-b.qcow2' }],
      },
    ],
  });
  const { preview, flatten, reached, chain } = await dashboard();
  const before = await contentOf(guest, 'vdb');
  const plan = await preview(guest, flattenTo(null, { target: 'vdb' }));
  expect(plan.otherUsers.map(({ target }) => target)).toEqual(['vda']);
  const { id } = await flatten(guest, null, { target: 'vdb' });
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
  expect(chain(guest)).toHaveLength(2);
  expect(await contentOf(guest, 'vdb')).toBe(before);
});

test('a shut-off guest with a missing base is shown as far as it goes, and refused', async () => {
  const guest = await guestFor({
    name: 'odd-missing',
    state: 'shut off',
    disks: [
      { layers: [{ file: 'odd-miss-0.qcow2' }, { file: 'odd-miss-1.qcow2' }, { file: 'odd-miss-2.qcow2' }] },
    ],
  });
  const missing = join(alpha.images, 'odd-miss-0.qcow2');
  await run('rm', [missing]);
  const { preview, guest: known } = await dashboard();
  const [disk] = known(guest).disks;
  expect(disk?.problem).toEqual({ code: 'IMAGE_MISSING', params: { image: missing } });
  expect(disk?.chain?.images.map((image) => image.missing)).toEqual([false, false, true]);
  const plan = await preview(guest, flattenTo(null));
  expect(plan.refusals.map(({ code }) => code)).toEqual(['IMAGE_MISSING']);
});

test('a guest that was started from the outside after its base came back is flattened', async () => {
  const guest = await guestFor({
    name: 'odd-back',
    state: 'shut off',
    disks: [{ layers: 3, size: 16 * MiB }],
  });
  const base = guest.disks[0]?.images[2] ?? '';
  await run('mv', [base, `${base}.away`]);
  expect((await attempt('virsh', ['-q', '-c', alpha.uri, 'start', guest.uuid])).stderr).toContain(
    'No such file',
  );
  const { flatten, reached, preview } = await dashboard();
  await run('mv', [`${base}.away`, base]);
  await virsh(alpha, 'start', guest.uuid);
  expect((await preview(guest, flattenTo(base))).refusals).toEqual([]);
  const { id } = await flatten(guest, 2);
  expect(await reached(id, 'succeeded', 'failed')).toMatchObject({ state: 'succeeded' });
});
