import { chmod, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../lab/content.ts';
import { type GuestSpec, virsh } from '../lab/guest.ts';
import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, tinyOf } from '../lab/lab.ts';
import { handOver } from '../lab/namespace.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, jobOn } from './live-guest.ts';
import { GuestPage } from './pages/guest-page.ts';
import { violations } from './violations.ts';

// One after the other: there is one file system to be filled up.
test.describe.configure({ mode: 'default' });

/** A guest whose active image lies on the tiny file system, over a base with so many MiB. */
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

/** A folder there, in which nobody can look once `closed` may not be entered any more. */
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

test('a flatten waits for room before somebody else fills the file system, and goes on by itself', async ({
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
  await at.plan.limit.fill('2');
  await at.plan.start.click();
  const running = at.drawer.row(guest.name);
  await expect(running.root).toContainText(/ of 17\.\d MiB/);
  const others = await fill(tiny, 6 * MiB);

  await expect(running.root).toContainText(`waiting for room on ${tiny}`);
  await expect(at.notices.of(guest.name)).toContainText('waits for room');
  await expect(at.graph.root).toContainText('waits for room');
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: 1 });
  expect(await violations(page)).toEqual([]);
  // For when it goes on.
  await running.setLimit(32);
  await expect(running.limit).toHaveText('Limit 32.0 MiB/s');
  expect(await jobOn(lab, guest)).toEqual({ bandwidth: 1 });
  await page.reload();
  await expect(running.root).toContainText(`waiting for room on ${tiny}`);
  // What ended before the page listens has no notice.
  await expect(at.live).toHaveText('live');

  await rm(others);
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  expect(await chainOf(lab, guest)).toHaveLength(1);
  expect(await digestOf(lab, guest)).toBe(content);
  await at.notices.of(guest.name).getByRole('link', { name: 'Details' }).click();
  await expect(page.getByText(/about to stand still until/)).toBeVisible();
  await expect(page.getByText(/about to go on/)).toBeVisible();
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
  await at.plan.limit.fill('2');
  await at.plan.cancels.check();
  await at.plan.start.click();
  await expect(at.drawer.row(guest.name).root).toContainText(/ of 17\.\d MiB/);
  await fill(tiny, 6 * MiB);
  const notice = at.notices.of(guest.name);
  await expect(notice).toContainText(`Cancelled before ${tiny} was full`);
  await expect(notice).toContainText('What was copied stays in the active image');
  expect(await chainOf(lab, guest)).toEqual(chain);
  expect(await digestOf(lab, guest)).toBe(content);
});

test('a flatten that fills a file system whose room nobody could measure fails with QEMU’s own reason', async ({
  page,
  lab,
  makeGuest,
}) => {
  const { closed, folder } = await folderIn(lab);
  try {
    const guest = await makeGuest(over(folder, 64));
    const [chain, content] = [await chainOf(lab, guest), await digestOf(lab, guest)];
    // QEMU has its file open; nobody else finds out on which file system that lies, or what it holds.
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
