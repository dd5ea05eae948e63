import { chmod, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../lab/content.ts';
import type { GuestSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, tinyOf } from '../lab/lab.ts';
import { handOver } from '../lab/namespace.ts';
import { virsh } from '../lab/virsh.ts';
import { verifyWriter, waitForWrites } from '../lab/writer.ts';
import { bigChain, bigImages } from './big-chain.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';
import { violations } from './violations.ts';

// One after the other: there is one file system to be filled up.
test.describe.configure({ mode: 'default' });

/** A guest whose active image is on the tiny file system, over a base with so many MiB. */
const over =
  (tiny: string, megabytes: number) =>
  (name: string): Omit<GuestSpec, 'name'> => ({
    disks: [
      {
        layers: [
          { file: `${name}-base.qcow2`, writes: [{ pattern: 1, offset: 0, length: megabytes * MiB }] },
          {
            file: join(tiny, `${name}-active.qcow2`),
            writes: [{ pattern: 2, offset: 0, length: MiB }],
          },
        ],
      },
    ],
  });

/** Somebody else's file, which leaves so many bytes free. */
async function fill(tiny: string, left: number): Promise<string> {
  const path = join(tiny, 'somebody-elses.bin');
  const { bavail, bsize } = await statfs(tiny);
  await writeFile(path, Buffer.alloc(bavail * bsize - left, 1));
  return path;
}

/** A folder there, which nobody can read once `closed` may not be entered any more. */
async function folderIn(lab: Lab): Promise<{ closed: string; folder: string }> {
  const closed = join(tinyOf(lab), 'closed');
  const folder = join(closed, 'images');
  for (const path of [closed, folder]) {
    await mkdir(path);
    await handOver(lab.namespace, path);
  }
  return { closed, folder };
}

test.afterEach(({ lab }) => rm(join(tinyOf(lab), 'somebody-elses.bin'), { force: true }));

test('a flatten that needs more than there is cannot be started, and the figures say why', async ({
  page,
  lab,
  makeGuest,
}) => {
  const tiny = tinyOf(lab);
  const guest = await makeGuest(over(tiny, 64));
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await expect(at.plan.root).toContainText('This needs at least 63.');
  await expect(at.plan.root).toContainText(`on ${tiny}, where`);
  await expect(at.plan.start).toHaveCount(0);
});

test('a flatten is paused for space before somebody else fills the file system, and resumes by itself', async ({
  page,
  lab,
  makeGuest,
}) => {
  const tiny = tinyOf(lab);
  const guest = await makeGuest(over(tiny, 18));
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await expect(at.plan.waits).toBeChecked();
  // Fast enough that what is left below needs more space, and slow enough to be seen in the middle.
  await at.plan.limit.fill('2');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect(running.root).toContainText(/ of 17\.\d MiB/);
  const others = await fill(tiny, 6 * MiB);

  await expect(running.root).toContainText(`paused for space`);
  await expect(running.root).toContainText(new RegExp(`MiB more needed on ${tiny}`));
  await expect(at.drawer.heading).toHaveText('1 paused for space');
  await expect(at.plan.root).toContainText(`Paused for space on ${tiny}`);
  await expect(at.notices.of(guest.name)).toContainText('paused for space');
  await expect(at.graph.root).toContainText('paused for space');
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: 1 });
  expect(await violations(page)).toEqual([]);
  // For when it resumes.
  await running.setLimit(32);
  await expect(running.limit).toHaveText('Limit 32.0 MiB/s');
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: 1 });
  await page.reload();
  await expect(running.root).toContainText(`paused for space`);
  // What ended before the page listens has no notice.
  await expect(at.live).toHaveText('live');

  await rm(others);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  expect(await chainOf(lab, guest)).toHaveLength(1);
  expect(await digestOf(lab, guest)).toBe(content);
  await at.notices.of(guest.name).getByRole('link', { name: 'Details' }).click();
  await expect(page.getByText(/about to pause until/)).toBeVisible();
  await expect(page.getByText(/about to resume/)).toBeVisible();
});

test.describe('where much is kept free', () => {
  test.use({ ownSettings: { BACKCHAIN_RESERVE: '8M' } });

  test('what is paused for space uses the reserve when the operator says so, and never all of it', async ({
    ownPage: page,
    lab,
    makeGuest,
  }) => {
    const tiny = tinyOf(lab);
    const guest = await makeGuest(over(tiny, 14));
    const content = await digestOf(lab, guest);
    const at = await GuestPage.open(page, guest);
    await at.graph.flattenCompletely.click();
    await at.plan.limit.fill('1');
    await at.plan.start.click();
    const running = at.drawer.row(guest.name);
    await expect(running.root).toContainText(/ of 13\.\d MiB/);
    // It runs on for seconds once it may use the reserve: a browser has to see that.
    const others = await fill(tiny, 8 * MiB);
    await expect(running.root).toContainText('paused for space');
    await expect(at.plan.root).toContainText('Missing');
    await expect(at.plan.root.getByRole('button', { name: 'Resume anyway' })).toBeVisible();

    await running.resumeForSure();
    await expect(running.root).not.toContainText('paused for space');
    // Less space is left than is still to be written.
    await expect(at.plan.root).toContainText('It already uses the reserve there');
    await expect(running.resume).toHaveCount(0);
    expect(await jobOn(lab, guest)).toEqual({ bandwidth: 1 });
    expect((await statfs(tiny)).bavail).toBeGreaterThan(0);

    await running.setLimit(0);
    await rm(others);
    await expect(at.notices.of(guest.name)).toContainText('succeeded');
    expect(await chainOf(lab, guest)).toHaveLength(1);
    expect(await digestOf(lab, guest)).toBe(content);
    await at.notices.of(guest.name).getByRole('link', { name: 'Details' }).click();
    await expect(page.getByRole('region', { name: 'Journal' })).toContainText(
      `let step 1 use the reserve on ${tiny}`,
    );
  });
});

test('what is paused for space can be cancelled, and those behind it show whom they wait for', async ({
  page,
  lab,
  makeGuest,
}) => {
  const tiny = tinyOf(lab);
  const guest = await makeGuest(over(tiny, 18));
  const others = await Promise.all([makeGuest(bigChain), makeGuest(bigChain)]);
  const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await at.plan.limit.fill('1');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect(running.root).toContainText(/ of 17\.\d MiB/);
  await fill(tiny, 6 * MiB);
  await expect(running.root).toContainText('paused for space');
  for (const other of others) {
    const there = await GuestPage.open(page, other);
    await there.flattenToward(bigImages(other).base, 1);
    await expect(at.drawer.row(other.name).root).toBeVisible();
  }
  const [first, last] = others;
  if (!first || !last) throw new Error('There are two');
  await expect(at.drawer.row(last.name).root).toContainText(
    `waiting for its turn behind ${guest.name} · vda (paused for space)`,
  );
  await expect(at.drawer.heading).toHaveText('1 running, 1 paused for space, 1 queued');

  await running.cancelForSure();
  await expect(at.notices.of(guest.name)).toContainText('cancelled');
  await expect(at.drawer.row(last.name).root).not.toContainText('waiting for its turn');
  for (const other of others) await at.drawer.row(other.name).cancelForSure();
  await expect(at.drawer.heading).toHaveText('No operation running');
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a guest that QEMU paused on a full file system is shown so everywhere, and is resumed once there is free space', async ({
  page,
  lab,
  makeWriter,
}) => {
  test.slow();
  const tiny = tinyOf(lab);
  const guest = await makeWriter(5);
  const overlay = join(tiny, `${guest.name}-overlay.qcow2`);
  guest.files.push(overlay);
  const host = hostOf(lab, guest.host);
  const snapshot = ['snapshot-create-as', guest.uuid, '--disk-only', '--no-metadata'];
  await virsh(host, ...snapshot, '--diskspec', `vda,file=${overlay}`);
  // It writes nothing while the space is counted and taken.
  await virsh(host, 'suspend', guest.uuid);
  const others = await fill(tiny, 2 * MiB);
  await virsh(host, 'resume', guest.uuid);
  const at = await GuestPage.open(page, guest);
  await expect(at.fleet.guest(guest.name)).toContainText('no space, paused');
  await expect(at.main.getByRole('alert')).toContainText(`no space is left for vda`);
  await expect(at.main.getByRole('alert')).toContainText(overlay);
  expect(await violations(page)).toEqual([]);
  await page.goto('/');
  const attention = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem');
  await expect(attention.filter({ hasText: guest.name })).toContainText('Paused: no space is left for vda');

  await rm(others);
  await page.getByRole('button', { name: `Resume ${guest.name}` }).click();
  await expect(at.notices.of(guest.name)).toContainText('resume: succeeded');
  await expect(at.fleet.guest(guest.name)).not.toContainText('paused');
  await waitForWrites(guest, 20);
  expect(await verifyWriter(lab, guest)).toMatchObject({ lost: [], errors: [] });
});

test('a flatten that is to be cancelled rather than wait is, and says what it leaves', async ({
  page,
  lab,
  makeGuest,
}) => {
  const tiny = tinyOf(lab);
  const guest = await makeGuest(over(tiny, 18));
  const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
  const at = await GuestPage.open(page, guest);
  await at.graph.flattenCompletely.click();
  await at.plan.limit.fill('1');
  await at.plan.cancels.check();
  await at.plan.start.click();
  await expect(at.drawer.row(guest.name).root).toContainText(/ of 17\.\d MiB/);
  await fill(tiny, 6 * MiB);
  const notice = at.notices.of(guest.name);
  await expect(notice).toContainText(`cancelled before ${tiny} was full`);
  await expect(notice).toContainText('What was copied stays in the active image');
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a flatten that fills a file system whose free space nobody could measure fails with QEMU’s own reason', async ({
  page,
  lab,
  makeGuest,
}) => {
  const { closed, folder } = await folderIn(lab);
  try {
    const guest = await makeGuest(over(folder, 64));
    const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
    // QEMU has its file open; nobody else finds out which file system it is on, or what it contains.
    await chmod(closed, 0);
    const at = await GuestPage.open(page, guest);
    await at.graph.flattenCompletely.click();
    await at.plan.start.click();
    const notice = at.notices.of(guest.name);
    await expect(notice).toContainText(
      'The pull failed: No space left on device. The guest’s data is unchanged',
    );
    await notice.getByRole('link', { name: 'Details' }).click();
    await expect(page.getByRole('region', { name: 'Journal' })).toContainText('No space left on device');

    await chmod(closed, 0o700);
    expect(await chainOf(lab, guest)).toEqual(chain);
    expect((await virsh(hostOf(lab, guest.host), 'domstate', guest.uuid)).trim()).toBe('running');
    expect(await digestOf(lab, guest)).toBe(content);
  } finally {
    await chmod(closed, 0o700);
    await rm(closed, { recursive: true });
  }
});
