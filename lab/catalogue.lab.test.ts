import { access, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { deepest } from './deepest.ts';
import type { LabGuest } from './description.ts';
import { GiB, MiB } from './image.ts';
import { down, guestOf, hostOf, up } from './lab.ts';
import { liveChains } from './live-chain.ts';
import { run } from './run.ts';
import { status } from './status.ts';
import { virsh } from './virsh.ts';

// The whole catalogue, as the demo has it. The labs that other tests share have its small guests only.
const lab = await up({ dir: join(tmpdir(), `bc-catalogue-${userInfo().uid}`) });
afterAll(() => down({ dir: lab.dir }).then(() => {}));

const alpha = hostOf(lab, 'alpha');

/** What libvirt shows for a chain: an NBD server by its protocol, a volume by its name. */
function shown({ name, disks }: LabGuest) {
  return disks.map(({ target, images }) => ({
    target,
    images: images.map((path, level) => {
      if (path.startsWith('nbd')) return 'nbd';
      return name === 'files-1' && level === 0 ? path.slice(path.lastIndexOf('/') + 1) : path;
    }),
  }));
}

const depths = (name: string) => guestOf(lab, name).disks.map(({ images }) => images.length);

test('the lab is whole', async () => {
  const { whole, hosts, guests } = await status(lab.dir);
  expect(hosts.every(({ answers }) => answers)).toBe(true);
  expect(guests.filter(({ state, now }) => state !== now)).toEqual([]);
  expect(whole).toBe(true);
});

test.each(lab.guests.filter(({ state }) => state !== 'shut off'))(
  '$name runs on the stated chain',
  async (guest) => {
    expect(await liveChains(lab, guest)).toEqual(shown(guest));
  },
);

test.each(['app-3', 'report-1', 'edge-2'])('%s is shut off and has the stated chain', async (name) => {
  const guest = guestOf(lab, name);
  expect(guest.state).toBe('shut off');
  for (const { images } of guest.disks) {
    const text = await run('qemu-img', ['info', '--backing-chain', '--output=json', images[0] ?? '']);
    const hops: { filename: string }[] = JSON.parse(text);
    expect(hops.map(({ filename }) => filename)).toEqual(images);
  }
});

test('the chains are as deep as tests expect', async () => {
  expect(['web-1', 'db-1', 'mail', 'deep', 'report-1', 'writer'].map(depths)).toEqual([
    [4],
    [3, 2],
    [12],
    [await deepest()],
    [3],
    [3],
  ]);
});

test("web-1's middle layers have 1 GiB, and its snapshot records name them", async () => {
  const { uuid, disks } = guestOf(lab, 'web-1');
  const [, sn2 = '', sn1 = ''] = disks[0]?.images ?? [];
  const sizes = await Promise.all([sn1, sn2].map(async (path) => (await stat(path)).blocks * 512));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(GiB);
  for (const [name, path] of [
    ['sn1', sn1],
    ['sn2', sn2],
  ] as const) {
    expect(await virsh(alpha, 'snapshot-dumpxml', uuid, name)).toContain(`<source file='${path}'/>`);
  }
});

test('three guests share one golden image', () => {
  const bases = ['app-1', 'app-2', 'app-3'].map((name) => guestOf(lab, name).disks[0]?.images.at(-1));
  expect(new Set(bases).size).toBe(1);
});

test("db-1's second disk has 512 MiB to pull", async () => {
  const base = guestOf(lab, 'db-1').disks[1]?.images.at(-1) ?? '';
  expect((await stat(base)).blocks * 512).toBeGreaterThanOrEqual(512 * MiB);
});

test("ci-1's snapshot records are stale", async () => {
  const guest = guestOf(lab, 'ci-1');
  const chain = (await liveChains(lab, guest))[0]?.images ?? [];
  for (const name of ['nightly-1', 'nightly-2']) {
    const [, path = ''] =
      /<source file='([^']*)'/.exec(await virsh(alpha, 'snapshot-dumpxml', guest.uuid, name)) ?? [];
    expect(path).toMatch(/ci-1-0[12]\.qcow2$/);
    expect(chain).not.toContain(path);
  }
});

test('a missing base and an unreadable folder keep their guests from starting', async () => {
  await expect(access(guestOf(lab, 'lost-1').disks[0]?.images.at(-1) ?? '')).rejects.toMatchObject({
    code: 'ENOENT',
  });
  await expect(virsh(alpha, 'start', 'lost-1')).rejects.toThrow(/lost-1-base\.qcow2/);
  await expect(virsh(alpha, 'start', 'vault-1')).rejects.toThrow(/Permission denied/);
});

test('the unusual images are what they claim to be', async () => {
  const info = async (name: string, level: number) =>
    run('qemu-img', ['info', '-U', '--output=json', guestOf(lab, name).disks[0]?.images[level] ?? '']);
  expect(await info('build-1', 0)).toMatch(/"extended-l2": true/);
  expect(await info('test-1', 1)).toMatch(/"name": "before-upgrade"/);
  expect(await info('legacy-1', 1)).toMatch(/"format": "raw"/);
  expect(await virsh(alpha, 'domblklist', 'files-1', '--details')).toMatch(/cdrom +sda +-/);
});
