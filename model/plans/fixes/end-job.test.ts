import { expect, test } from 'vitest';
import type { BlockJob } from '../../fleet/block-job.ts';
import { keys } from '../../fleet/chain.ts';
import type { Image } from '../../fleet/image.ts';
import { chainOf, diskWith, FACTS, guestWith, imageAt } from '../../testing.ts';
import { planEndJob } from './end-job.ts';

const JOB: BlockJob = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true };

function plan(
  how: 'pivot' | 'abort',
  job: Partial<BlockJob> | null,
  mirror: readonly Image[] = [imageAt('/new')],
) {
  const disk = diskWith(chainOf('/a', '/b', '/c'), { job: job && { ...JOB, ...job } });
  return planEndJob(guestWith(disk), disk, { kind: 'end-job', target: 'vda', how }, { ...FACTS, mirror });
}
const codes = (...given: Parameters<typeof plan>) => plan(...given).refusals.map(({ code }) => code);
const after = (...given: Parameters<typeof plan>) => keys(plan(...given).disks[0]?.after ?? { images: [] });

test('an abort leaves the chain, and a copy leaves its file', () => {
  expect(after('abort', {})).toEqual(['/a', '/b', '/c']);
  expect(plan('abort', {}).warnings).toEqual([{ code: 'JOB_TARGET_STAYS', params: { image: '/new' } }]);
  expect(plan('abort', { kind: 'active-commit' }, [imageAt('/b')]).warnings).toEqual([]);
  expect(codes('abort', { kind: 'pull', ready: false }, [])).toEqual([]);
});

test('a pivot leaves the target, with what is below it', () => {
  expect(after('pivot', {})).toEqual(['/new']);
  expect(after('pivot', {}, [imageAt('/new'), imageAt('/c')])).toEqual(['/new', '/c']);
  expect(after('pivot', { kind: 'active-commit' }, [imageAt('/b')])).toEqual(['/b', '/c']);
});

test('what can’t be ended so is refused', () => {
  expect(codes('abort', null)).toEqual(['NO_JOB']);
  expect(codes('pivot', { kind: 'pull' })).toEqual(['JOB_HAS_NO_PIVOT']);
  expect(codes('pivot', { kind: 'commit' })).toEqual(['JOB_HAS_NO_PIVOT']);
  expect(codes('pivot', { ready: false })).toEqual(['JOB_NOT_READY']);
  expect(codes('pivot', {}, [])).toEqual(['JOB_TARGET_UNKNOWN']);
});

test('a job that became ready since is another plan', () => {
  expect(plan('abort', { ready: false }).fingerprint).not.toBe(plan('abort', {}).fingerprint);
});
