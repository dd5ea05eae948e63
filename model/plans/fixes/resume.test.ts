import { expect, test } from 'vitest';
import { lacksSpace } from '../../fleet/guest.ts';
import { collide } from '../../kinds/claims.ts';
import { commandsOf } from '../../kinds/commands.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith, REF } from '../../testing.ts';
import { planFlatten } from '../flatten.ts';
import { planResume } from './resume.ts';

const full = { disks: [{ target: 'vda', error: 'no-space' }] } as const;
const disk = diskWith(chainOf('/a', '/b'));
const stopped = guestWith(disk, { state: 'paused', ioError: full });

test('only a guest that is paused for an I/O error is resumed', () => {
  const plan = planResume(stopped, { kind: 'resume' }, FACTS);
  expect(plan.refusals).toEqual([]);
  expect(commandsOf(plan, 0)).toEqual([['virsh resume web-1']]);
  const paused = guestWith(disk, { state: 'paused' });
  expect(planResume(paused, { kind: 'resume' }, FACTS).refusals).toEqual([
    { code: 'NO_IO_ERROR', params: { guest: 'web-1' } },
  ]);
});

test('it collides with no operation that waits for the guest', () => {
  const snapshotFirst = { name: 'kept', file: '/new' };
  const flatten = planFlatten(REF, disk, flattenTo(null, { snapshotFirst }), FACTS);
  const resume = planResume(stopped, { kind: 'resume' }, FACTS);
  expect(flatten.wholeGuest).toBe(true);
  expect([collide(flatten, resume), collide(resume, flatten)]).toEqual([false, false]);
});

test('free space resumes a guest only if every disk that failed lacks space', () => {
  expect(lacksSpace(full)).toBe(true);
  expect(lacksSpace({ disks: [] })).toBe(false);
  expect(lacksSpace({ disks: [...full.disks, { target: 'vdb', error: 'other' }] })).toBe(false);
});
