import { expect, test, vi } from 'vitest';
import type { Step } from '../../model/kinds/kinds.ts';
import type { Operation } from '../../model/operation/operation.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';
import { Run } from './run.ts';
import type { Call, StepDriver } from './step-driver.ts';
import { LostError } from './testing/fake-host.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { fail, type StepMemory, type Verdict } from './verdict.ts';

/** A step that is done once it was started, unless a test says otherwise. */
class FakeStep implements StepDriver {
  readonly refusedAs = 'PULL_REFUSED';
  readonly calls: string[];
  readonly name: string;
  verdict: (memory: StepMemory) => Verdict = ({ seen }) => ({ do: seen ? 'done' : 'start' });
  leftover: () => Promise<Call | null> = async () => null;
  finish: Call;
  giveUp?: Call;

  constructor(name: string, calls: string[]) {
    this.name = name;
    this.calls = calls;
    this.finish = { command: 'pivot', run: async () => void calls.push(`finish ${name}`) };
  }

  async judge(memory: StepMemory): Promise<Verdict> {
    return this.verdict(memory);
  }

  async start(): Promise<void> {
    this.calls.push(`start ${this.name}`);
  }

  /** It made something that can be removed again. */
  leaves(): void {
    this.leftover = async () => ({
      command: `rm ${this.name}`,
      run: async () => void this.calls.push(`remove ${this.name}`),
    });
  }
}

function runOf(...names: readonly string[]) {
  const calls: string[] = [];
  const drivers = names.map((name) => new FakeStep(name, calls));
  const steps = names.map((name): Step => ({ kind: 'forget', hostId: 'alpha', names: [name] }));
  const plan = { ...planFlatten(REF, diskWith(chainOf('/a', '/b')), flattenTo(null), FACTS), steps };
  const journal = new MemoryJournal();
  const parts = {
    journal,
    clock: Date.now,
    hosts: {
      host: () => null,
      guestsOf: () => [],
      usersOf: () => new Map(),
      isLost: (error: unknown) => error instanceof LostError,
    },
    changed: () => {},
    progressed: () => {},
    driver: (_plan: unknown, step: Step) => {
      const driver = drivers[steps.indexOf(step)];
      if (driver === undefined) throw new Error('No such step');
      return driver;
    },
  };
  const begun = async (operation: Operation = operationOf(plan)) => {
    const run = new Run(operation, parts);
    await run.write({ kind: 'created', operation });
    return run;
  };
  /** Another process, which knows only the journal. */
  const again = () => {
    const operation = journal.operation('op');
    // As it comes out of a database: nothing is shared with the plan of before.
    return new Run({ ...operation, plan }, parts);
  };
  return { calls, drivers, journal, begun, again };
}

test("steps follow each other, and the last one's end is the operation's", async () => {
  const { begun, calls, journal } = runOf('one', 'two');
  const run = await begun();
  await run.drive();
  expect(calls).toEqual(['start one', 'start two']);
  const step = ['step-intended', 'step-running', 'step-done'];
  expect(journal.kinds('op')).toEqual(['created', 'started', ...step, ...step, 'ended']);
  expect(run.operation).toMatchObject({ state: 'succeeded', steps: [{ state: 'done' }, { state: 'done' }] });
});

test('a step that was done by somebody else is not started', async () => {
  const { begun, calls, drivers } = runOf('one', 'two');
  for (const driver of drivers.slice(0, 1)) driver.verdict = () => ({ do: 'done' });
  await (await begun()).drive();
  expect(calls).toEqual(['start two']);
});

test('a failure ends the operation, and what earlier steps made is removed, the last first', async () => {
  const { begun, calls, drivers, journal } = runOf('one', 'two', 'three', 'four');
  const [one, two, three, four] = drivers;
  for (const driver of [one, two, four]) driver?.leaves();
  if (three) three.verdict = () => fail('JOB_LOST');
  const run = await begun();
  await run.drive();
  expect(calls).toEqual(['start one', 'start two', 'remove two', 'remove one']);
  expect(run.operation).toMatchObject({ state: 'failed', problem: { code: 'JOB_LOST' } });
  expect(run.operation.steps.map(({ state }) => state)).toEqual(['undone', 'undone', 'failed', 'waiting']);
  const undone = journal.all.flatMap(({ event }) => (event.kind === 'step-undone' ? event.call : []));
  expect(undone).toEqual(['rm two', 'rm one']);
});

test('where a process died while it removed things, the next one continues, and the operation fails with the first reason', async () => {
  const { begun, again, calls, drivers } = runOf('one', 'two');
  const [one, two] = drivers;
  one?.leaves();
  if (two) two.verdict = () => fail('JOB_LOST');
  const left = one?.leftover;
  if (one) one.leftover = () => Promise.reject(new Error('power cut'));
  const run = await begun();
  await expect(run.drive()).rejects.toThrow('power cut');
  if (one && left) one.leftover = left;
  if (two) two.verdict = () => ({ do: 'done' });
  const next = again();
  await next.drive();
  expect(calls).toEqual(['start one', 'remove one']);
  expect(next.operation).toMatchObject({ state: 'failed', problem: { code: 'JOB_LOST' } });
});

test('a host that is lost while things are removed is waited for', async () => {
  const { begun, calls, drivers, journal } = runOf('one', 'two');
  const [one, two] = drivers;
  one?.leaves();
  if (two) two.verdict = () => fail('JOB_LOST');
  const left = one?.leftover;
  let questions = 0;
  if (one && left) one.leftover = () => (questions++ === 0 ? Promise.reject(new LostError()) : left());
  const run = await begun();
  const driven = run.drive();
  await vi.waitFor(() => expect(questions).toBe(1));
  expect(journal.kinds('op').at(-1)).toBe('step-failed');
  run.wake();
  await driven;
  expect(calls).toEqual(['start one', 'remove one']);
  expect(run.operation).toMatchObject({ state: 'failed', problem: { code: 'JOB_LOST' } });
});

test('a run that is stopped while it waits for a lost host leaves the end to the next process', async () => {
  const { begun, again, calls, drivers } = runOf('one', 'two');
  const [one, two] = drivers;
  one?.leaves();
  if (two) two.verdict = () => fail('JOB_LOST');
  const left = one?.leftover;
  if (one) one.leftover = () => Promise.reject(new LostError());
  const run = await begun();
  const driven = run.drive();
  await vi.waitFor(() => expect(run.operation.steps[1]?.state).toBe('failed'));
  run.stop();
  await driven;
  expect(run.operation.state).toBe('running');
  if (one && left) one.leftover = left;
  const next = again();
  await next.drive();
  expect(calls).toEqual(['start one', 'remove one']);
  expect(next.operation).toMatchObject({ state: 'failed', problem: { code: 'JOB_LOST' } });
});

test('a cancel between two steps leaves the second alone', async () => {
  const { begun, calls, drivers } = runOf('one', 'two');
  const run = await begun();
  const [one] = drivers;
  if (one) one.start = () => run.cancel('somebody');
  await run.drive();
  expect(calls).toEqual([]);
  expect(run.operation).toMatchObject({
    state: 'cancelled',
    steps: [{ state: 'done' }, { state: 'waiting' }],
  });
});

test('the irrevocable call is written down before it is made, and its effect is read from the host', async () => {
  const { begun, calls, drivers, journal } = runOf('one');
  const [one] = drivers;
  if (one) {
    one.verdict = ({ seen, finishing }) => ({ do: finishing ? 'done' : seen ? 'finish' : 'start' });
    const run = async () => void calls.push(`finish after ${journal.kinds('op').at(-1)}`);
    one.finish = { command: 'pivot', run };
  }
  await (await begun()).drive();
  expect(calls).toEqual(['start one', 'finish after step-finishing']);
});

test('work whose last call is refused is given up, and that is written down before; not where the host was lost during the call', async () => {
  const { begun, calls, drivers, journal } = runOf('one');
  const [one] = drivers;
  if (!one) throw new Error('There is one');
  let lost = true;
  one.verdict = ({ seen }) => ({ do: seen ? 'finish' : 'start' });
  one.finish = {
    command: 'pivot',
    run: async () => {
      calls.push('pivot');
      throw lost ? new LostError() : new Error('not now');
    },
  };
  one.giveUp = {
    command: 'abort',
    run: async () => void calls.push(`abort after ${journal.kinds('op').at(-1)}`),
  };
  const run = await begun();
  const driven = run.drive();
  await vi.waitFor(() => expect(calls).toEqual(['start one', 'pivot']));
  lost = false;
  run.wake();
  await driven;
  expect(calls).toEqual(['start one', 'pivot', 'pivot', 'abort after step-given-up']);
  expect(run.operation.problem).toEqual({ code: 'PULL_REFUSED', params: { reason: 'not now' } });
});

test("a call that libvirt refuses fails the operation with libvirt's text", async () => {
  const { begun, drivers } = runOf('one');
  const [one] = drivers;
  if (one) one.start = () => Promise.reject(new Error('name is taken'));
  const run = await begun();
  await run.drive();
  expect(run.operation.problem).toEqual({ code: 'PULL_REFUSED', params: { reason: 'name is taken' } });
});

test('where a process died between two steps, the next one continues with the second', async () => {
  const { begun, again, calls, drivers } = runOf('one', 'two');
  const [, two] = drivers;
  const judge = vi.fn(() => Promise.reject(new TypeError('power cut')));
  const real = two?.judge.bind(two);
  if (two) two.judge = judge;
  await expect((await begun()).drive()).rejects.toThrow('power cut');
  if (two && real) two.judge = real;
  const next = again();
  await next.drive();
  expect(calls).toEqual(['start one', 'start two']);
  expect(next.operation.state).toBe('succeeded');
});
