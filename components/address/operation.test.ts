import { expect, test } from 'vitest';
import type { Plan } from '../../model/kinds/plan.ts';
import { NO_COST } from '../../model/plans/plan.ts';
import { chainOf, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { operationAddress, subjectAddress } from './operation.ts';

const chain = chainOf('/vm/active', '/vm/base');
const plan: Plan = {
  hostId: REF.hostId,
  guest: REF,
  guestName: 'web-1',
  uris: {},
  intent: flattenTo(null),
  fingerprint: '',
  disks: [{ target: 'vda', now: chain, after: chain, merged: [] }],
  wholeGuest: false,
  steps: [],
  cost: NO_COST,
  refusals: [],
  warnings: [],
  otherUsers: [],
};

test('an operation has a page', () => {
  expect(operationAddress('a/b')).toBe('/operations/a%2Fb');
});

test('an operation leads to its disk, else to its guest, else to the leftovers of its host', () => {
  expect(subjectAddress(operationOf(plan))).toBe(`/h/alpha/${REF.uuid}/vda`);
  expect(subjectAddress(operationOf({ ...plan, disks: [] }))).toBe(`/h/alpha/${REF.uuid}`);
  expect(subjectAddress(operationOf({ ...plan, guest: null, guestName: null, disks: [] }))).toBe(
    '/leftovers?host=alpha',
  );
});

test('the guest of a migration that is done is where it went', () => {
  const step = {
    kind: 'migrate',
    hostId: REF.hostId,
    to: 'beta',
    destinationUri: '',
    migrateUri: null,
    disks: [],
  } as const;
  const migrating = operationOf({ ...plan, steps: [step] });
  expect(subjectAddress(migrating)).toBe(`/h/alpha/${REF.uuid}/vda`);
  expect(subjectAddress({ ...migrating, steps: [{ state: 'done' }] })).toBe(`/h/beta/${REF.uuid}/vda`);
});
