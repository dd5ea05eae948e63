import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import type { Picked } from '../address/picked.ts';
import { intentFrom } from '../plan/form-of.tsx';
import { flattenForm } from './flatten-form.ts';
import { hostAt } from './testing.ts';

function asked(
  query: string,
  picked: Picked,
  chain: ReturnType<typeof chainOf> | null = chainOf('/active', '/base'),
) {
  const disk = diskWith(chain);
  const at = { host: hostAt('alpha'), others: [], guest: guestWith(disk), disk, picked };
  return intentFrom(flattenForm, new URLSearchParams(query), at);
}

test('a picked base is flattened toward as the address says', () => {
  expect(asked('', '/base')).toEqual({
    kind: 'flatten',
    target: 'vda',
    base: '/base',
    snapshotFirst: null,
    forgetAfter: true,
  });
  expect(asked('snapshot=before&overlay=/x.qcow2&forget=no', null)).toMatchObject({
    base: null,
    snapshotFirst: { name: 'before', file: '/x.qcow2' },
    forgetAfter: false,
  });
});

test('by another strategy it is asked for as a chain to shorten', () => {
  expect(asked('strategy=cheapest', '/base')).toMatchObject({
    kind: 'shorten',
    strategy: 'cheapest',
    goal: { kind: 'above', base: '/base' },
  });
  expect(asked('strategy=merge-down', null)).toMatchObject({ goal: { kind: 'at-most', images: 1 } });
});

test('nothing is asked for where nothing is picked that can be a base', () => {
  expect(asked('', undefined)).toBeNull();
  expect(asked('', '/active')).toBeNull();
  expect(asked('', '/gone')).toBeNull();
  expect(asked('', null, null)).toBeNull();
});
