import { expect, test } from 'vitest';
import { chainOf, diskWith, guestWith } from '../../model/testing.ts';
import { intentFrom } from '../plan/form-of.tsx';
import { migrateForm } from './migrate-form.ts';
import { hostAt } from './testing.ts';

const disk = diskWith(chainOf('/active', '/base'));
const [lost, beta] = [hostAt('lost', { state: 'lost' }), hostAt('beta')];
const at = { host: hostAt('alpha'), others: [lost, beta], guest: guestWith(disk), disk, picked: undefined };

test('the guest goes to the first host that is connected, with its storage as proposed', () => {
  expect(intentFrom(migrateForm, new URLSearchParams(), at)).toEqual({
    kind: 'migrate',
    to: 'beta',
    disks: [],
    pull: true,
    forgetFirst: true,
  });
});

test('a disk is named where one of its paths is another than proposed', () => {
  const query = new URLSearchParams({
    to: 'lost',
    file: 'vda:/new.qcow2',
    from: 'vdb:/mnt/old.qcow2',
    pull: 'no',
  });
  expect(intentFrom(migrateForm, query, at)).toMatchObject({
    to: 'lost',
    disks: [
      { target: 'vda', file: '/new.qcow2', from: null },
      { target: 'vdb', file: null, from: '/mnt/old.qcow2' },
    ],
    pull: false,
  });
});

test('without another host there is nothing to ask for', () => {
  expect(intentFrom(migrateForm, new URLSearchParams('to=beta'), { ...at, others: [] })).toBeNull();
});
