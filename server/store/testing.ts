import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../model/operation.ts';

/** A directory that `using` removes. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'backchain-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** An operation of one pull, just created. */
export function operationCalled(id: string, changes: Partial<Operation> = {}): Operation {
  const disk = { hostId: 'alpha', uuid: '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10', target: 'vda' };
  return {
    id,
    disk,
    guestName: 'web-1',
    hostName: 'alpha',
    plan: {
      disk,
      uri: 'qemu:///system',
      guestName: 'web-1',
      intent: { kind: 'flatten', base: null },
      fingerprint: '[]',
      now: { images: [] },
      after: { images: [] },
      merged: [],
      steps: [{ kind: 'pull', base: null }],
      cost: { atMost: null, room: null },
      refusals: [],
      warnings: [],
      others: [],
    },
    actor: 'admin',
    state: 'queued',
    steps: [{ state: 'waiting' }],
    bandwidth: 0,
    problem: null,
    copied: null,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    ...changes,
  };
}
