import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import type { MigrateStep } from '../plans/migrate/migrate-step.ts';
import { chainOf, diskWith, FACTS, flattenTo, REF } from '../testing.ts';
import { claims, collide, filesOf, hostsOf, needsPlace, needsTurn, shareGuest } from './claims.ts';
import type { Plan } from './plan.ts';

const chain = chainOf('/active', '/sn1', '/base');

function plan(target = 'vda', changes: Partial<Plan> = {}): Plan {
  return {
    ...planFlatten(REF, diskWith(chain, { target }), flattenTo('/base', { target }), FACTS),
    ...changes,
  };
}

const migrate: MigrateStep = {
  kind: 'migrate',
  hostId: 'alpha',
  to: 'beta',
  destinationUri: '',
  migrateUri: null,
  disks: [],
};
const elsewhere = { ...REF, hostId: 'beta' };

test('plans collide on one disk, and on one guest where either takes all of it', () => {
  expect(collide(plan(), plan())).toBe(true);
  expect(collide(plan(), plan('vdb'))).toBe(false);
  expect(collide(plan(), plan('vdb', { wholeGuest: true }))).toBe(true);
  expect(collide(plan('vda', { wholeGuest: true }), plan('vdb'))).toBe(true);
  expect(collide(plan(), plan('vda', { guest: { ...REF, uuid: 'other' } }))).toBe(false);
});

test('a guest of the same UUID on another host is another guest, but for one that migrates there', () => {
  expect(collide(plan(), plan('vda', { hostId: 'beta', guest: elsewhere, steps: [] }))).toBe(false);
  const moving = plan('vda', { steps: [migrate], wholeGuest: true });
  expect([...hostsOf(moving)]).toEqual(['alpha', 'beta']);
  expect(collide(moving, plan('vda', { hostId: 'beta', guest: elsewhere, steps: [] }))).toBe(true);
});

test('a plan claims its disks, or all of them', () => {
  expect(claims(plan(), { ...REF, target: 'vda' })).toBe(true);
  expect(claims(plan(), { ...REF, target: 'vdb' })).toBe(false);
  expect(claims(plan('vda', { wholeGuest: true }), { ...REF, target: 'vdb' })).toBe(true);
  expect(claims(plan(), { ...elsewhere, target: 'vda' })).toBe(false);
  expect(claims(plan('vda', { steps: [migrate] }), { ...elsewhere, target: 'vda' })).toBe(true);
});

test('only work for QEMU takes a turn', () => {
  expect(needsTurn(plan())).toBe(true);
  const forget = { kind: 'forget', hostId: 'alpha', names: ['one'] } as const;
  expect(needsTurn(plan('vda', { steps: [forget] }))).toBe(false);
  const ends = (how: 'pivot' | 'abort') =>
    plan('vda', {
      steps: [
        { kind: 'end-job', hostId: 'alpha', target: 'vda', before: [], after: [], how, job: 'active-commit' },
      ],
    });
  expect([needsTurn(ends('pivot')), needsTurn(ends('abort'))]).toEqual([true, false]);
  expect([needsPlace(plan()), needsPlace(ends('pivot'))]).toEqual([true, false]);
});

test('plans share a guest, and its QEMU, whatever disks they are of', () => {
  expect(shareGuest(plan(), plan('vdb'))).toBe(true);
  expect(shareGuest(plan(), plan('vda', { guest: { ...REF, uuid: 'other' } }))).toBe(false);
  expect(shareGuest(plan(), plan('vda', { hostId: 'beta', guest: elsewhere, steps: [] }))).toBe(false);
});

test('a plan without a guest claims no disk, and collides with what speaks of the same images', () => {
  const overlay = {
    kind: 'overlay',
    hostId: 'alpha',
    target: 'vda',
    file: '/sn1',
    backing: { path: '/base', format: 'raw' },
    virtualSize: 1,
  } as const;
  const own = (file: string) =>
    plan('vda', { guest: null, guestName: null, disks: [], steps: [{ ...overlay, file }] });
  expect([...filesOf(own('/sn1'))]).toEqual(['/sn1']);
  expect(collide(plan(), own('/sn1'))).toBe(true);
  expect(collide(own('/sn1'), own('/sn1'))).toBe(true);
  expect(collide(own('/other'), plan())).toBe(false);
  expect(claims(own('/sn1'), { ...REF, target: 'vda' })).toBe(false);
});
