import { expect, test } from 'vitest';
import type { Guest } from '../../model/fleet/guest.ts';
import { chainOf, diskWith, guestWith, imageAt } from '../../model/testing.ts';
import { intentFrom } from '../plan/form-of.tsx';
import { flattenForm } from './flatten-form.ts';
import { forgetForm } from './forget-form.ts';
import { mergeForm } from './merge-form.ts';
import { migrateForm } from './migrate-form.ts';
import { shortenForm } from './shorten-form.ts';
import { hostAt } from './testing.ts';

const disk = diskWith(chainOf('/s2', '/s1', '/base'));
const record = (name: string, parent: string | null, frozen: string, overlay: string) => ({
  ...{ name, parent, description: null, createdAt: 1 },
  disks: [{ target: 'vda', kind: 'external', frozen, overlay } as const],
});
const records = [record('s1', null, '/base', '/s1'), record('s2', 's1', '/gone', '/s2')];
const gone = { ...imageAt('/gone', { missing: true }), backing: null, problem: null };

/** What each form asks to forget while nobody touches it. */
function asked(changes: Partial<Guest>) {
  const guest = guestWith(disk, { records, ...changes });
  const at = { host: hostAt('alpha'), others: [hostAt('beta')], guest, disk, picked: null };
  const query = new URLSearchParams();
  return {
    flatten: intentFrom(flattenForm, query, at),
    merge: intentFrom(mergeForm, query, at),
    shorten: intentFrom(shortenForm, query, at),
    migrate: intentFrom(migrateForm, query, at),
    forget: intentFrom(forgetForm, query, at),
  };
}

test('where libvirt can’t revert to external snapshots, what becomes stale is forgotten', () => {
  expect(asked({ reverts: null })).toMatchObject({
    flatten: { forgetAfter: true },
    merge: { forgetAfter: true },
    shorten: { forgetAfter: true },
    migrate: { forgetFirst: true },
    forget: { names: ['s2'] },
  });
});

test('regression: where it can, valid snapshots were forgotten unless somebody unticked it', () => {
  const reverts = { current: 's2', aside: [gone], writtenAt: {} };
  expect(asked({ reverts })).toMatchObject({
    flatten: { forgetAfter: false },
    merge: { forgetAfter: false },
    shorten: { forgetAfter: false },
    migrate: { forgetFirst: false },
    forget: null,
  });
});

test('where it can, what is useless on a branch is', () => {
  const reverts = { current: 's1', aside: [gone], writtenAt: {} };
  expect(asked({ reverts })).toMatchObject({ flatten: { forgetAfter: true }, forget: { names: ['s2'] } });
});
