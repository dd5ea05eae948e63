import { expect, test } from 'vitest';
import { MiB } from '../../../lab/image.ts';
import { runAll } from '../../../lab/run.ts';
import { virsh } from '../../../lab/virsh.ts';
import { countMarked, marked } from '../../../model/content/cluster-map.ts';
import { imageAt } from '../../../model/testing.ts';
import { LocalAllocationMap } from '../../../server/hosts/content/local-allocation-map.ts';
import { readTargetLayout } from '../../../server/hosts/content/qcow2-layout.ts';
import { readClusterMap } from '../../../server/hosts/content/qcow2-map.ts';
import { alpha, contentOf, folder, imagesOf, pullable } from '../../support/rig.ts';

/** By this clock every file was written long ago, so that all that may be kept is kept. */
const LATER = () => Date.now() + 60_000;

test('what is known about an image that is written to is what a fresh reading finds', async () => {
  const { path } = await folder();
  const file = `${path}/it's a "file" & more ü.qcow2`;
  const write = (what: string) => runAll([['qemu-io', '-f', 'qcow2', '-c', what, file]]);
  await runAll([['qemu-img', 'create', '-q', '-f', 'qcow2', file, '64M']]);
  const allocationMap = new LocalAllocationMap(LATER);
  const image = imageAt(file);
  const read = async () => {
    const [maps, layouts] = await Promise.all([allocationMap.maps([image]), allocationMap.layouts([image])]);
    return { map: maps.get(file) ?? null, layout: layouts.get(file) ?? null };
  };
  const fresh = async () => ({ map: await readClusterMap(file), layout: await readTargetLayout(file) });
  expect(await read()).toEqual(await fresh());
  await write('write -q 0 64k');
  expect([...marked((await read()).map?.data ?? new Uint32Array())]).toEqual([0]);
  expect(await read()).toEqual(await fresh());
  // It is as long afterwards as before, and so are its tables.
  await write('write -q -z 0 64k');
  expect([...marked((await read()).map?.zeros ?? new Uint32Array())]).toEqual([0]);
  expect(await read()).toEqual(await fresh());
});

test('what is known of the active image of a running guest follows a pull', async () => {
  const guest = await pullable('map-pull');
  const [active = ''] = imagesOf(guest);
  const before = await contentOf(guest);
  const allocationMap = new LocalAllocationMap(LATER);
  const allocated = async () => {
    const map = (await allocationMap.maps([imageAt(active)])).get(active);
    return countMarked(map?.data ?? new Uint32Array()) * (map?.clusterSize ?? 0);
  };
  expect(await allocated()).toBe(MiB);
  await virsh(alpha, `blockpull ${guest.uuid} vda --wait`);
  // QEMU writes its tables to the file when it is asked to, or when it has to.
  await virsh(alpha, `destroy ${guest.uuid}`);
  expect(await allocated()).toBe(34 * MiB);
  expect((await allocationMap.maps([imageAt(active)])).get(active)).toEqual(await readClusterMap(active));
  expect(await contentOf(guest)).toBe(before);
});
