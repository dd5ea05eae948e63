import { commandsOf } from '../../model/kinds/commands.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { JournalEvent, Operation, OperationState } from '../../model/operation/operation.ts';
import type { SpacePause } from '../../model/operation/pause.ts';
import { problem } from '../../model/problem.ts';
import { GIB, operationOf } from '../../model/testing.ts';

const MIB = 2 ** 20;
const PAUSE: SpacePause = {
  step: 0,
  fileSystem: '/vm',
  free: 2 * GIB,
  needed: 6 * GIB,
  neededWithReserve: GIB,
};
const FULL = problem('PULL_FAILED', { reason: 'No space left on device' });

/** What the journal has of an operation in each state, as far as its first step matters. */
export function eventsOf(plan: Plan, state: OperationState, id: string, at: number): readonly JournalEvent[] {
  const created: JournalEvent = { kind: 'created', operation: operationNew(plan, id, at) };
  const last = plan.steps.length - 1;
  const intended = (step: number): JournalEvent => ({
    kind: 'step-intended',
    step,
    command: commandsOf(plan, 0)[step] ?? [],
    allocatedBefore: MIB,
  });
  const running = (step: number): JournalEvent => ({ kind: 'step-running', step, adopted: step > 0 });
  const done = (step: number): readonly JournalEvent[] => [
    intended(step),
    running(step),
    { kind: 'step-finishing', step, call: 'virsh blockjob web-1 vda --pivot' },
    { kind: 'step-flushing', step, call: 'virsh blockresize web-1 vda 1073741824B' },
    { kind: 'step-thawing', step, call: 'virsh domfsthaw web-1' },
    { kind: 'step-done', step, grownBy: step === 0 ? 700 * MIB : null },
  ];
  switch (state) {
    case 'queued':
      return [created];
    case 'running':
      return [
        created,
        { kind: 'started' },
        { kind: 'step-waits', step: 0, waitsFor: { target: 'vdb', job: 'copy' } },
        intended(0),
        running(0),
        { kind: 'speed-set', bandwidth: 10 * MIB, actor: 'ada' },
        { kind: 'speed-refused', bandwidth: 0, problem: problem('SPEED_REFUSED', { reason: 'busy' }) },
        { kind: 'step-paused', pause: PAUSE, call: 'virsh blockjob web-1 vda --bandwidth 1 --bytes' },
        { kind: 'resume-asked', step: 0, fileSystem: '/vm', actor: 'ada' },
        { kind: 'step-resumed', step: 0, fileSystem: '/vm', free: 7 * GIB, call: null },
        { kind: 'step-out-of-space', step: 0, problem: FULL },
        { kind: 'step-paused', pause: PAUSE, call: null },
      ];
    case 'cancelling':
      return [
        created,
        { kind: 'started' },
        intended(0),
        running(0),
        { kind: 'space-ran-out', pause: PAUSE },
        { kind: 'step-given-up', step: 0, call: 'virsh blockjob web-1 vda --abort' },
      ];
    case 'cancelled':
      return [
        created,
        { kind: 'started' },
        intended(0),
        running(0),
        { kind: 'cancel-asked', actor: 'ada' },
        { kind: 'step-undone', step: 0, call: 'rm /fast/web-1.qcow2' },
        { kind: 'ended', state: 'cancelled', problem: null },
      ];
    case 'failed':
      return [
        created,
        { kind: 'started' },
        intended(0),
        {
          kind: 'step-warned',
          step: 0,
          problem: problem('STATE_UNKNOWN', { host: 'alpha', reason: 'gone' }),
        },
        { kind: 'step-failed', step: 0, problem: FULL, lastSeenAt: at + 2000 },
        { kind: 'ended', state: 'failed', problem: FULL },
      ];
    case 'succeeded':
      return [
        created,
        { kind: 'started' },
        ...plan.steps.slice(0, last).flatMap((_, step) => done(step)),
        ...done(last),
        { kind: 'ended', state: 'succeeded', problem: null },
      ];
  }
}

function operationNew(plan: Plan, id: string, createdAt: number): Operation {
  return operationOf(plan, { id, actor: 'ada', bandwidth: 50 * MIB, onFull: 'pause', createdAt });
}

/** Kinds of entries that none of these events has. */
export function missingKinds(events: readonly JournalEvent[]): readonly string[] {
  const found = new Set<string>(events.map(({ kind }) => kind));
  return Object.keys(EVERY_EVENT).filter((kind) => !found.has(kind));
}

const EVERY_EVENT: { readonly [K in JournalEvent['kind']]: true } = {
  'cancel-asked': true,
  created: true,
  ended: true,
  'resume-asked': true,
  'space-ran-out': true,
  'speed-refused': true,
  'speed-set': true,
  started: true,
  'step-done': true,
  'step-failed': true,
  'step-out-of-space': true,
  'step-finishing': true,
  'step-flushing': true,
  'step-given-up': true,
  'step-intended': true,
  'step-paused': true,
  'step-resumed': true,
  'step-running': true,
  'step-thawing': true,
  'step-undone': true,
  'step-waits': true,
  'step-warned': true,
};
