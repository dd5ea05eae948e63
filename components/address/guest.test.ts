import { expect, test } from 'vitest';
import { disk, guest, image } from '../fleet/testing.ts';
import { entryAddress, guestAddress } from './guest.ts';

const ref = { hostId: 'a/b', uuid: '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10' };

test('a guest and its disks have pages, each in the view that is asked for', () => {
  expect(guestAddress(ref)).toBe(`/h/a%2Fb/${ref.uuid}`);
  expect(guestAddress(ref, 'vda')).toBe(`/h/a%2Fb/${ref.uuid}/vda`);
  expect(guestAddress(ref, 'vda', 'table')).toBe(`/h/a%2Fb/${ref.uuid}/vda?view=table`);
});

test('a guest opens on the disk with the deepest chain, else on the first one', () => {
  const [one, two] = [disk('vda', [image('/a')]), disk('vdb', [image('/b'), image('/c')])];
  expect(entryAddress(guest('web', [one, two]))).toBe('/h/alpha/uuid-of-web/vdb');
  expect(entryAddress(guest('web', [disk('sda', null), one]))).toBe('/h/alpha/uuid-of-web/vda');
  expect(entryAddress(guest('web', [disk('sda', null), disk('sdb', null)]))).toBe('/h/alpha/uuid-of-web/sda');
  expect(entryAddress(guest('web', []))).toBe('/h/alpha/uuid-of-web');
});
