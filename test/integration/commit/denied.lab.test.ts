import { chmod, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LabGuest } from '../../../lab/lab.ts';
import { virsh } from '../../../lab/virsh.ts';
import type { MergeDownIntent } from '../../../model/plans/merge-down.ts';
import { connect } from '../../../server/libvirt/index.ts';
import { openDashboard } from '../../support/dashboard.ts';
import { alpha, contentOf, dashboard, folder, imagesOf, small } from '../../support/rig.ts';

/** The run between these positions of the chain, 0 the active one. */
function merging(guest: LabGuest, top: number, base: number): MergeDownIntent {
  const at = (position: number) => imagesOf(guest)[position] ?? '';
  return { kind: 'merge-down', target: 'vda', top: at(top), base: at(base), forgetAfter: true };
}

/** Keeps the image's owner, which QEMU runs as here, from writing it. The guest has it open for reading. */
async function deny(image: string): Promise<() => Promise<void>> {
  await chmod(image, 0o464);
  const allow = () => chmod(image, 0o644);
  onTestFinished(allow);
  return allow;
}

/** A dashboard on another machine than the host, without a shell there. */
async function elsewhere() {
  const opened = await openDashboard({
    uris: ['qemu+tls://host/system'],
    database: join((await folder()).path, 'db.sqlite'),
    connectTo: (_uri, options) => connect(alpha.uri, options),
  });
  onTestFinished(opened.stop);
  return opened;
}

test.each([
  { what: 'a commit below the active image', top: 1, base: 2, left: [0, 2, 3] },
  { what: 'an active commit', top: 0, base: 3, left: [3] },
])(
  '$what that QEMU is denied says why, changes nothing, and succeeds when it may',
  async ({ top, base, left }) => {
    const guest = await small(`denied-${top}-${base}`);
    const parts = await dashboard();
    const images = imagesOf(guest);
    const written = images[base] ?? '';
    const [before, bytes] = [await contentOf(guest), await readFile(written)];
    const allow = await deny(written);
    const intent = merging(guest, top, base);
    const { id } = await parts.run(guest, intent);
    const reason = expect.stringContaining(`Could not open '${written}': Permission denied`);
    expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({
      state: 'failed',
      problem: { code: 'COMMIT_DENIED', params: { reason, by: 'none' } },
    });
    expect(parts.chain(guest)).toEqual(images);
    expect((await readFile(written)).equals(bytes)).toBe(true);
    expect(await contentOf(guest)).toBe(before);
    expect(await virsh(alpha, 'domstate', guest.uuid)).toContain('running');
    await allow();
    const { id: again } = await parts.run(guest, intent);
    expect(await parts.reached(again, 'succeeded', 'failed')).toMatchObject({ problem: null });
    expect(parts.chain(guest)).toEqual(left.map((position) => images[position]));
    expect(await contentOf(guest)).toBe(before);
    expect(parts.broken).toEqual([]);
  },
);

test('regression: a commit killed the guest if nobody might write the image above the merged ones', async () => {
  const guest = await small('denied-header');
  const parts = await dashboard();
  const [, above = '', , base = ''] = imagesOf(guest);
  const before = await contentOf(guest);
  const intent = merging(guest, 2, 3);
  const refusal = (image: string, as: string) => ({
    code: 'WRITE_PROTECTED',
    params: { image: basename(image), as },
  });
  await chmod(above, 0o444);
  await chmod(base, 0o444);
  // Its storage pools tell it to a dashboard elsewhere.
  await virsh(alpha, 'pool-refresh', 'default');
  for (const any of [parts, await elsewhere()]) {
    const { refusals } = await any.preview(guest, intent);
    const found = refusals.filter(({ code }) => code === 'WRITE_PROTECTED');
    expect(found).toEqual([refusal(above, 'header'), refusal(base, 'base')]);
  }
  await expect(parts.run(guest, intent)).rejects.toMatchObject({ problem: { code: 'WRITE_PROTECTED' } });
  await chmod(above, 0o644);
  await chmod(base, 0o644);
  const { id } = await parts.run(guest, intent);
  expect(await parts.reached(id, 'succeeded', 'failed')).toMatchObject({ problem: null });
  expect(await contentOf(guest)).toBe(before);
});
