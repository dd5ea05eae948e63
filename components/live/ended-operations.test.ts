import { expect, test } from 'vitest';
import type { Operation, OperationState } from '../../model/operation.ts';
import { EndedOperations } from './ended-operations.ts';

const empty = { images: [] };
const operation = (id: string, state: OperationState): Operation => ({
  id,
  disk: { hostId: 'alpha', uuid: 'a', target: 'vda' },
  guestName: 'web-1',
  hostName: 'alpha',
  plan: {
    disk: { hostId: 'alpha', uuid: 'a', target: 'vda' },
    intent: { kind: 'flatten', base: null },
    uri: 'qemu:///system',
    guestName: 'web-1',
    fingerprint: '[]',
    now: empty,
    after: empty,
    merged: [],
    steps: [],
    cost: { atMost: null, room: null },
    refusals: [],
    warnings: [],
    others: [],
  },
  actor: 'admin',
  state,
  steps: [],
  bandwidth: 0,
  problem: null,
  copied: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
});

test('an end is news once, and only of an operation that was seen under way', () => {
  const ended = new EndedOperations();
  expect(ended.follow(operation('a', 'queued'))).toBe(false);
  expect(ended.follow(operation('a', 'running'))).toBe(false);
  expect(ended.follow(operation('a', 'failed'))).toBe(true);
  expect(ended.follow(operation('a', 'failed'))).toBe(false);
  expect(ended.follow(operation('b', 'succeeded'))).toBe(false);
});
