import { chmod } from 'node:fs/promises';
import { digestOf, still } from '../lab/content.ts';
import type { DiskSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';
import type { Lab, LabGuest } from '../lab/lab.ts';
import { run } from '../lab/run.ts';
import { expect, test } from './fixtures.ts';
import { guideImages } from './guide-chain.ts';
import { chainOf } from './live-guest.ts';
import { DiskSection } from './pages/disk-section.ts';
import { GuestPage } from './pages/guest-page.ts';

const SIZE = 64 * MiB;

/** `base <- snap1 <- snap2 <- active` of 64 MiB, each with what others hide: offsets and lengths in MiB. */
function layered(name: string): { disks: readonly DiskSpec[] } {
  const layer = (file: string, pattern: number, ...pieces: readonly (readonly [number, number])[]) => ({
    file: `${name}-${file}.qcow2`,
    writes: pieces.map(([offset, length]) => ({ pattern, offset: offset * MiB, length: length * MiB })),
  });
  return {
    disks: [
      {
        size: SIZE,
        layers: [
          layer('base', 0x21, [0, 24], [56, 8]),
          layer('snap1', 0x22, [16, 16]),
          layer('snap2', 0x23, [28, 12], [60, 2]),
          layer('active', 0x24, [2, 2], [30, 4]),
        ],
      },
    ],
  };
}

interface Extent {
  readonly length: number;
  readonly depth: number;
  readonly data: boolean;
}

/** What `qemu-img map` says that is read of each image of a chain, and hidden in it: bytes, from the active one down. */
async function mapped(lab: Lab, guest: LabGuest): Promise<readonly { read: number; hidden: number }[]> {
  const images = await chainOf(lab, guest);
  const bytes = async (file: string, wanted: (extent: Extent) => boolean) => {
    const extents: Extent[] = JSON.parse(await run('qemu-img', ['map', '-U', '--output=json', file]));
    return extents.filter(wanted).reduce((sum, { length }) => sum + length, 0);
  };
  return still(lab, guest, () =>
    Promise.all(
      images.map(async (filename, position) => {
        const read = await bytes(images[0] ?? '', ({ data, depth }) => data && depth === position);
        const alone = { driver: 'qcow2', file: { driver: 'file', filename }, backing: null };
        return { read, hidden: (await bytes(`json:${JSON.stringify(alone)}`, ({ data }) => data)) - read };
      }),
    ),
  );
}

/** As people read it: three digits. */
function inMiB(bytes: number): string {
  const size = bytes / MiB;
  return bytes === 0 ? '0 B' : `${size.toFixed(size >= 9.995 ? 1 : 2)} MiB`;
}

async function expectMapped(section: DiskSection, lab: Lab, guest: LabGuest): Promise<void> {
  const expected = await mapped(lab, guest);
  const images = await chainOf(lab, guest);
  await expect(section.images()).toHaveCount(images.length);
  for (const [position, path] of images.entries()) {
    const { read = 0, hidden = 0 } = expected[position] ?? {};
    await expect(section.read(path)).toHaveText(inMiB(read));
    await expect(section.hidden(path)).toHaveText(inMiB(hidden));
  }
}

test('a disk is cut along its offset: what the guest reads of each image as qemu-img maps it, before and after a flatten', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const { active, snap2, snap1, base } = guideImages(guest);
  const content = await digestOf(lab, guest);
  const at = await GuestPage.open(page, guest);
  await at.view('Cross-section').click();
  const section = new DiskSection(page);
  await expectMapped(section, lab, guest);
  await expect(section.read(active)).toHaveText('6.00 MiB');
  await expect(section.read(base)).toHaveText('20.0 MiB');
  await expect(section.hidden(base)).toHaveText('12.0 MiB');

  await section.image(snap1).getByRole('button').click();
  await expect(at.plan.title).toContainText('snap1.qcow2');
  await expect(section.image(snap2).getByRole('button')).toHaveAccessibleName(/, merges/);
  await at.plan.start.click();
  await expect(at.notices.of(guest.name)).toContainText('succeeded');
  await expect(section.images()).toHaveCount(3);
  await expectMapped(section, lab, guest);
  await expect(section.read(active)).toHaveText('16.0 MiB');
  expect(await digestOf(lab, guest)).toBe(content);
});

test('bands are solid where the guest reads, pale where an image above hides it, and empty elsewhere', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const at = await GuestPage.open(page, guest);
  await at.view('Cross-section').click();
  const section = new DiskSection(page);
  await expect(section.read(guideImages(guest).base)).toHaveText('20.0 MiB');
  const base = (mib: number) => section.colorAt(3, mib / 64);
  const [solid, pale, empty] = [await base(8), await base(18), await base(48)];
  expect(await base(58)).toEqual(solid);
  expect(await base(3)).toEqual(pale);
  expect(await base(30)).toEqual(empty);
  expect(new Set([solid, pale, empty].map(String)).size).toBe(3);
  expect(await section.colorAt(0, 3 / 64)).not.toEqual(solid);

  // The colours are the theme's, and so they are drawn anew with it.
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => base(8)).not.toEqual(solid);
});

test('the pointer and the keys show what each image contains at an offset', async ({ page, makeGuest }) => {
  const guest = await makeGuest(layered);
  const { active, snap2, snap1 } = guideImages(guest);
  const at = await GuestPage.open(page, guest);
  await at.view('Cross-section').click();
  const section = new DiskSection(page);
  await section.point(31 / 64);
  await expect(section.readout).toContainText(/^64\.0 KiB from 3[01](\.\d)? MiB/);
  await expect(section.figures(active)).toHaveText('64.0 KiB read');
  await expect(section.figures(snap2)).toHaveText('64.0 KiB hidden');
  await expect(section.figures(snap1)).toHaveText('64.0 KiB hidden');

  await section.cursor.press('Home');
  await expect(section.readout).toContainText('64.0 KiB from 0 B');
  await section.cursor.press('ArrowRight');
  await expect(section.cursor).toHaveAttribute(
    'aria-valuetext',
    /^64\.0 KiB from 64\.0 KiB\. \S+-base\.qcow2: 64\.0 KiB read$/,
  );
  await section.cursor.press('End');
  await expect(section.readout).toContainText('64.0 KiB from 63.9 MiB');
  await section.cursor.press('PageDown');
  await section.cursor.press('Escape');
  await expect(section.readout).toContainText('Point at an offset');
  await section.point(50 / 64);
  await expect(section.readout).toContainText('No image has data here: the guest reads zeros.');
});

test('what an image holds that may not be read is not known, and what is below it is an upper bound', async ({
  page,
  makeGuest,
}) => {
  const guest = await makeGuest(layered);
  const { active, snap2, base } = guideImages(guest);
  await chmod(snap2, 0);
  const at = await GuestPage.open(page, guest);
  await at.view('Cross-section').click();
  const section = new DiskSection(page);
  await expect(section.read(active)).toHaveText('6.00 MiB');
  await expect(section.read(snap2)).toHaveText('not known');
  await expect(section.hidden(snap2)).toHaveText('not known');
  await expect(section.read(base)).toHaveText('≤ 22.0 MiB');
  await expect(section.root).toContainText('could not be inspected');
});
