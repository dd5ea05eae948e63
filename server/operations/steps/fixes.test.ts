import { describe, expect, test } from 'vitest';
import type { BlockJob } from '../../../model/fleet/block-job.ts';
import { chainOf, diskWith, guestWith } from '../../../model/testing.ts';
import { NOTHING, nameOf } from '../testing/verdicts.ts';
import type { StepMemory } from '../verdict.ts';
import { judgeEndJob } from './end-job.ts';
import { judgeRedefine } from './redefine.ts';
import { judgeRepair } from './repair-leaks.ts';
import { judgeRewrite } from './rewrite-header.ts';

const intended = { intended: true };
const seen = { intended: true, seen: true };
const cancelling = { intended: true, cancelling: true };

describe('a job is ended once', () => {
  const job: BlockJob = { kind: 'copy', bandwidth: 0, cur: 9, end: 9, ready: true };
  const [before, after] = [chainOf('/a', '/b'), chainOf('/new')];
  const step = (how: 'pivot' | 'abort') =>
    ({
      kind: 'end-job',
      hostId: 'alpha',
      target: 'vda',
      how,
      job: 'copy',
      before: ['/a', '/b'],
      after: how === 'pivot' ? ['/new'] : ['/a', '/b'],
    }) as const;
  test.each([
    ['pivot', {}, before, job, 'start'],
    ['pivot', intended, before, job, 'start'],
    ['pivot', {}, before, { ...job, ready: false }, 'JOB_NOT_READY'],
    ['pivot', {}, before, { ...job, kind: 'pull' as const }, 'JOB_RUNNING'],
    ['pivot', cancelling, before, job, 'cancel'],
    ['pivot', seen, before, job, 'settle'],
    ['pivot', { ...seen, settled: true }, before, job, 'END_JOB_NOT_VERIFIED'],
    ['pivot', seen, after, null, 'done'],
    // Whoever did it.
    ['pivot', {}, after, null, 'done'],
    // The chain may have been read before the pivot, and the job after it.
    ['pivot', seen, before, null, 'settle'],
    ['pivot', { ...seen, settled: true }, before, null, 'JOB_ENDED_OTHERWISE'],
    ['pivot', {}, before, null, 'JOB_ENDED_OTHERWISE'],
    ['abort', {}, before, { ...job, ready: false }, 'start'],
    ['abort', seen, before, null, 'done'],
    ['abort', seen, after, null, 'JOB_ENDED_OTHERWISE'],
  ] as const)('%#: %s %j: %s', (how, memory: Partial<StepMemory>, chain, now, expected) => {
    const disk = diskWith(chain, { job: now });
    const verdict = judgeEndJob(step(how), guestWith(disk), disk, { ...NOTHING, ...memory });
    expect(nameOf(verdict)).toBe(expected);
  });
});

describe('a definition is changed only from what the plan says to what it says', () => {
  const step = { kind: 'redefine', hostId: 'alpha', target: 'vda', from: '/old', to: '/new' } as const;
  test.each([
    [{}, '/old', '/new', 'start'],
    [intended, '/old', '/new', 'start'],
    [{}, '/old', '/newer', 'CHAIN_CHANGED'],
    [{}, '/other', '/new', 'DEFINITION_CHANGED'],
    [{}, null, '/new', 'DEFINITION_CHANGED'],
    [cancelling, '/old', '/new', 'cancel'],
    [seen, '/new', '/newer', 'done'],
    [seen, '/old', '/new', 'REDEFINE_NOT_VERIFIED'],
  ] as const)('%#: %j %s %s: %s', (memory, defined, live, expected) => {
    expect(nameOf(judgeRedefine(step, { defined, live }, { ...NOTHING, ...memory }))).toBe(expected);
  });
});

describe('a header is written only over the one that was seen', () => {
  const [was, backing] = [
    { name: 'b', format: null },
    { name: '/b', format: 'qcow2' },
  ];
  const step = { kind: 'rewrite-header', hostId: 'alpha', target: 'vda', image: '/a', was, backing } as const;
  test.each([
    [{}, was, 'start'],
    [intended, was, 'start'],
    [cancelling, was, 'cancel'],
    [{}, backing, 'done'],
    [seen, backing, 'done'],
    [seen, was, 'REWRITE_NOT_VERIFIED'],
    [{}, { ...was, name: 'c' }, 'HEADER_CHANGED'],
    [intended, null, 'HEADER_CHANGED'],
  ] as const)('%#: %j %j: %s', (memory, now, expected) => {
    expect(nameOf(judgeRewrite(step, now, { ...NOTHING, ...memory }))).toBe(expected);
  });
});

describe('leaks are repaired where the image has no errors', () => {
  const step = { kind: 'repair-leaks', hostId: 'alpha', target: 'vda', image: '/a' } as const;
  test.each([
    [{}, { leaks: 1, errors: 0 }, 'start'],
    [intended, { leaks: 1, errors: 0 }, 'start'],
    [{}, { leaks: 1, errors: 1 }, 'IMAGE_HAS_ERRORS'],
    [{}, null, 'IMAGE_NOT_CHECKED'],
    [cancelling, { leaks: 1, errors: 0 }, 'cancel'],
    [seen, { leaks: 0, errors: 0 }, 'done'],
    [seen, { leaks: 1, errors: 0 }, 'REPAIR_NOT_VERIFIED'],
  ] as const)('%#: %j %j: %s', (memory, check, expected) => {
    expect(nameOf(judgeRepair(step, check, { ...NOTHING, ...memory }))).toBe(expected);
  });
});
