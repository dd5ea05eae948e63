import { expect, test } from 'vitest';
import { imageAt } from '../testing.ts';
import { imageKey, imageName, imagePath } from './image.ts';

test.each([
  [{ kind: 'file', path: '/srv/a b.qcow2' }, '/srv/a b.qcow2', '/srv/a b.qcow2', 'a b.qcow2'],
  [{ kind: 'block', path: '/dev/vg/lv' }, '/dev/vg/lv', '/dev/vg/lv', 'lv'],
  [{ kind: 'volume', pool: 'p', volume: 'v', path: null }, 'volume:p/v', null, 'v'],
  // By its path, so that it is the same image for a disk that names the file.
  [{ kind: 'volume', pool: 'p', volume: 'v', path: '/p/v' }, '/p/v', '/p/v', 'v'],
  [{ kind: 'network', protocol: 'nbd', name: 'host:10809/disk' }, 'nbd:host:10809/disk', null, 'disk'],
  [
    { kind: 'network', protocol: 'nbd', name: '/run/nbd.sock/' },
    'nbd:/run/nbd.sock/',
    null,
    '/run/nbd.sock/',
  ],
] as const)('%j', (source, key, path, name) => {
  const image = imageAt('', { source });
  expect([imageKey(source), imagePath(image), imageName(image)]).toEqual([key, path, name]);
});
