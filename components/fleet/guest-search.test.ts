import { expect, test } from 'vitest';
import { matchGuest } from './guest-search.ts';
import { disk, guest, image } from './testing.ts';

const found = guest(
  'Web-1',
  [disk('sda', null), disk('vda', [image('/srv/active.qcow2'), image('/srv/Größe & base.img')])],
  {
    uuid: '4c9d2a10-0000-4000-8000-00000000000a',
  },
);

test.each([
  ['web', { by: 'name' }],
  ['  WEB-1 ', { by: 'name' }],
  ['4C9D2A', { by: 'uuid' }],
  ['active.q', { by: 'image', key: '/srv/active.qcow2' }],
  ['größe & B', { by: 'image', key: '/srv/Größe & base.img' }],
  ['db', null],
])('%j finds %j', (query, match) => {
  expect(matchGuest(found, query)).toEqual(match);
});
