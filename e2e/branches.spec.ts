import { join } from 'node:path';
import { MiB } from '../lab/image.ts';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { virsh } from '../lab/virsh.ts';
import { expect, test } from './fixtures.ts';
import { chainOf, nameOf } from './live-guest.ts';
import { ActionForm } from './pages/action-form.ts';
import { ChainTable } from './pages/chain-table.ts';
import { GuestPage } from './pages/guest-page.ts';
import { violations } from './violations.ts';

/** base <- s1 <- s2, reverted to s1 where this libvirt can, so that s1 is a branch with the snapshot s2; `null` where it can't. */
async function reverted(lab: Lab, guest: LabGuest): Promise<string | null> {
  const host = hostOf(lab, guest.host);
  for (const name of ['s1', 's2']) {
    const file = join(host.images, `${guest.name}-${name}.qcow2`);
    const spec = `vda,file=${file}`;
    await virsh(host, 'snapshot-create-as', guest.uuid, name, '--disk-only', '--diskspec', spec);
    guest.files.push(file);
  }
  const [, branch = ''] = await chainOf(lab, guest);
  const answer = await virsh(host, 'snapshot-revert', guest.uuid, 's1').then(
    () => null,
    (error: Error) => error.message,
  );
  if (answer !== null) {
    expect(answer).toContain('not supported yet');
    return null;
  }
  await virsh(host, 'start', guest.uuid);
  guest.files.push(...(await chainOf(lab, guest)));
  return branch;
}

test('a branch is drawn where it leaves the chain, and what would change it says so before anything can start', async ({
  page,
  lab,
  makeGuest,
}) => {
  const guest = await makeGuest((name) => ({
    disks: [
      {
        size: 64 * MiB,
        layers: [{ file: `${name}-base.qcow2`, writes: [{ pattern: 1, offset: 0, length: 2 * MiB }] }],
      },
    ],
  }));
  const base = guest.disks[0]?.images[0] ?? '';
  const branch = await reverted(lab, guest);
  const at = await GuestPage.open(page, guest);
  const beside = at.graph.root.getByRole('button', { name: /, beside the chain,/ });
  if (branch === null) {
    // Nothing that can be reverted to: no branch is claimed.
    await expect(at.graph.now(3)).toBeVisible();
    await expect(beside).toHaveCount(0);
    return;
  }
  const drawn = at.graph.image(branch);
  await expect(at.graph.now(2)).toBeVisible();
  await expect(beside).toHaveCount(1);
  await expect(drawn).toHaveAccessibleName(
    new RegExp(
      `^${nameOf(branch)}, qcow2, beside the chain, .* of 64\\.0 MiB, snapshot s2, on a branch, backed by ${nameOf(base)}$`,
    ),
  );
  await expect(at.graph.root.getByText('on a branch').first()).toBeVisible();
  await expect(at.graph.image(base)).toHaveAccessibleName(
    /backs a branch, snapshot s1, the snapshot s2 beside the chain depends on it$/,
  );

  // By keyboard it is reached and read, but not picked.
  await at.graph.image(base).focus();
  await page.keyboard.press('ArrowUp');
  await expect(drawn).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(at.plan.title).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(at.graph.image(base)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(at.plan.title).toBeVisible();
  await expect(drawn).not.toHaveAccessibleName(/would change/);
  await page.keyboard.press('Escape');

  // A pull keeps what a branch reads, a commit into it does not.
  const { root, close } = await ActionForm.open(page, 'Commit images');
  await expect(root.getByLabel('Into')).toHaveValue(base);
  await expect(drawn).toHaveAccessibleName(/, would change, /);
  await expect(at.graph.image(base)).toHaveAccessibleName(/, a branch would change, /);
  await expect(at.plan.refusal).toContainText(`${guest.name}: s2`);
  await expect(at.plan.start).toBeHidden();
  expect(await violations(page)).toEqual([]);
  await close.click();

  await at.view('Table').click();
  const table = new ChainTable(page);
  const row = table.root.getByRole('row', { level: 2 }).filter({ hasText: nameOf(branch) });
  await expect(row).toContainText('beside the chain');
  await expect(row).toContainText('s2 (on a branch)');
  await table.image(base).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(table.image(base)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(row).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(row).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await at.view('Cross-section').click();
  const legend = page.getByRole('list', { name: 'Beside the chain, not read by the guest:' });
  await expect(legend.getByRole('listitem')).toHaveText([`${nameOf(branch)}s2 (on a branch)`]);
  expect(await violations(page)).toEqual([]);
});
