import { expect, test } from 'vitest';
import { chainOf, diskWith, FACTS, guestWith } from '../../testing.ts';
import { planRedefine, type RedefineFacts } from './redefine.ts';

function plan(changes: Partial<RedefineFacts> = {}, state: 'running' | 'shutoff' = 'running') {
  const disk = diskWith(chainOf('/a', '/b'));
  const facts = { ...FACTS, defined: '/b', live: '/a', persistent: true, ...changes };
  return planRedefine(guestWith(disk, { state }), disk, { kind: 'redefine', target: 'vda' }, facts);
}
const codes = (...given: Parameters<typeof plan>) => plan(...given).refusals.map(({ code }) => code);

test('the definition follows the guest, and no image is touched', () => {
  const made = plan();
  expect(made.steps).toEqual([{ kind: 'redefine', hostId: 'alpha', target: 'vda', from: '/b', to: '/a' }]);
  expect(made.disks[0]?.after).toEqual(made.disks[0]?.now);
  expect(made.refusals).toEqual([]);
  expect(made.warnings.map(({ code }) => code)).toEqual(['DEFINITION_MAY_BE_MEANT']);
});

test('what has nothing to follow is refused', () => {
  expect(codes({}, 'shutoff')).toEqual(['REDEFINE_NOT_RUNNING']);
  expect(codes({ persistent: false })).toEqual(['REDEFINE_TRANSIENT']);
  expect(codes({ defined: null })).toEqual(['REDEFINE_NO_DISK']);
  expect(codes({ live: null })).toEqual(['DISK_EMPTY']);
  expect(codes({ defined: '/a' })).toEqual(['DEFINITION_SAME']);
});
