import { expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../../fleet/dependents.ts';
import { chainOf, DISK_REF, diskWith, FACTS, guestWith } from '../../testing.ts';
import { planRepairLeaks, type RepairLeaksFacts } from './repair-leaks.ts';

function refused(changes: Partial<RepairLeaksFacts>, state: 'running' | 'shutoff' = 'shutoff') {
  const disk = diskWith(chainOf('/a', '/b'));
  const facts = {
    ...FACTS,
    local: true,
    dependents: NO_DEPENDENTS,
    check: { leaks: 3, errors: 0 },
    ...changes,
  };
  const intent = { kind: 'repair-leaks', target: 'vda', image: '/b' } as const;
  return planRepairLeaks(guestWith(disk, { state }), disk, intent, facts).refusals.map(({ code }) => code);
}

test('leaks are freed, and nothing else is repaired', () => {
  expect(refused({})).toEqual([]);
  expect(refused({ check: { leaks: 3, errors: 1 } })).toEqual(['IMAGE_HAS_ERRORS']);
  expect(refused({ check: { leaks: 0, errors: 0 } })).toEqual(['NO_LEAKS']);
  expect(refused({ check: null })).toEqual(['IMAGE_NOT_CHECKED']);
});

test('an image that is or may be open is not written', () => {
  expect(refused({}, 'running')).toEqual(['GUEST_RUNS']);
  expect(refused({ local: false })).toEqual(['IMAGE_OUT_OF_REACH']);
  const users = [{ ...DISK_REF, guestName: 'b', image: '/b' }];
  expect(refused({ dependents: { ...NO_DEPENDENTS, users } })).toEqual(['HEADER_SHARED']);
});
