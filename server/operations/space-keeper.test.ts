import { describe, expect, test, vi } from 'vitest';
import type { JournalEvent } from '../../model/operation/operation.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, freeSpaceOf, operationOf, REF } from '../../model/testing.ts';
import { LoggedOperation } from './logged-operation.ts';
import { SpaceKeeper } from './space-keeper.ts';
import type { StepDriver } from './step-driver.ts';
import { LostError } from './testing/fake-host.ts';
import { MemoryJournal } from './testing/memory-journal.ts';

const PLAN = planFlatten(REF, diskWith(chainOf('/a', '/b', '/c')), flattenTo('/c'), FACTS);
const MIB = 2 ** 20;
const SAMPLE = { position: 1, size: 100, allocated: 1, bandwidth: 7 };
const GROWN = { copied: 0, rate: 0 };
const [PLENTY, LITTLE] = [freeSpaceOf(900 * MIB, { reserve: MIB }), freeSpaceOf(MIB / 2, { reserve: MIB })];
const PAUSED = { step: 0, fileSystem: '/vm', free: MIB / 2, needed: 1.5 * MIB, neededWithReserve: 14 };

/** A keeper of a step that has plenty of space, and what it asked of QEMU. */
async function keeperOf({
  onFull = 'pause',
  past = [],
}: {
  onFull?: 'pause' | 'cancel';
  past?: JournalEvent[];
} = {}) {
  const journal = new MemoryJournal();
  const operation = operationOf(PLAN, { bandwidth: 7, onFull });
  const logged = new LoggedOperation(operation, { journal, clock: () => 0, changed: () => {} });
  await logged.write({ kind: 'created', operation }, { kind: 'started' }, ...past);
  const now = vi.fn(async () => PLENTY);
  const setSpeed = vi.fn(async (_bandwidth: number) => {});
  const driver: StepDriver = {
    refusedAs: 'PULL_REFUSED',
    judge: async () => ({ do: 'watch' }),
    start: async () => {},
    setSpeed,
    freeSpace: { overrun: 0, now },
  };
  const hosts = {
    host: () => null,
    guestsOf: () => [],
    usersOf: () => new Map(),
    isLost: (error: unknown) => error instanceof LostError,
  };
  const keeper = new SpaceKeeper({ logged, index: 0, driver, hosts }, await logged.entries());
  return { keeper, logged, now, setSpeed, kinds: () => journal.kinds('op').slice(2) };
}

test('work is slowed down to a standstill, and gets the speed that is asked for by then when there is space again', async () => {
  const { keeper, logged, now, setSpeed, kinds } = await keeperOf();
  await keeper.check(SAMPLE, GROWN, 0);
  expect(keeper.isPaused).toBe(false);
  now.mockResolvedValue(LITTLE);
  await keeper.check(SAMPLE, GROWN, 2000);
  expect(logged.now.paused).toEqual(PAUSED);
  expect(setSpeed.mock.calls).toEqual([[1]]);
  await logged.write({ kind: 'speed-set', bandwidth: 9, actor: 'a' });
  now.mockResolvedValue(PLENTY);
  await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 4000);
  expect(setSpeed.mock.calls).toEqual([[1], [9]]);
  expect(logged.now.paused).toBeNull();
  expect(kinds()).toEqual(['step-paused', 'speed-set', 'step-resumed']);
});

test('a fresh process goes by the journal and by the limit that QEMU has', async () => {
  const paused = { kind: 'step-paused', pause: PAUSED, call: null } as const;
  const { keeper, now, setSpeed } = await keeperOf({ past: [paused] });
  now.mockResolvedValue(LITTLE);
  await keeper.check({ ...SAMPLE, bandwidth: 7 }, GROWN, 0);
  await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 2000);
  expect(setSpeed.mock.calls).toEqual([[1]]);
  const call = 'virsh blockjob';
  const resumed = { kind: 'step-resumed', step: 0, fileSystem: '/vm', free: 1, call } as const;
  const later = await keeperOf({ past: [paused, resumed] });
  await later.keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 0);
  expect(later.setSpeed.mock.calls).toEqual([[7]]);
});

test('regression: work is not resumed between two writes of somebody else, only to be paused again', async () => {
  const { keeper, now, kinds } = await keeperOf();
  const at = async (milliseconds: number, free: number) => {
    now.mockResolvedValue(freeSpaceOf(free * MIB, { reserve: MIB }));
    await keeper.check({ ...SAMPLE, bandwidth: keeper.isPaused ? 1 : 7 }, GROWN, milliseconds);
  };
  await at(0, 300);
  await at(500, 200);
  await at(1000, 200);
  await at(1500, 100);
  await at(2000, 100);
  expect(kinds()).toEqual(['step-paused']);
  for (const later of [4000, 6000, 8000, 10_000]) await at(later, 100);
  expect(kinds()).toEqual(['step-paused', 'step-resumed']);
});

test('regression: limited work counts as fast as its limit, however slow it has been', async () => {
  const { keeper, logged, now } = await keeperOf();
  await logged.write({ kind: 'speed-set', bandwidth: 100 * MIB, actor: 'a' });
  now.mockResolvedValue(freeSpaceOf(150 * MIB, { reserve: MIB }));
  await keeper.check(SAMPLE, { copied: 0, rate: MIB }, 0);
  expect(keeper.isPaused).toBe(true);
});

test('a call that libvirt refused is made again', async () => {
  const { keeper, now, setSpeed } = await keeperOf();
  now.mockResolvedValue(LITTLE);
  setSpeed.mockRejectedValueOnce(new Error('no'));
  await keeper.check(SAMPLE, GROWN, 0);
  await keeper.check(SAMPLE, GROWN, 500);
  expect(setSpeed.mock.calls).toEqual([[1], [1]]);
  setSpeed.mockRejectedValueOnce(new LostError('gone'));
  await expect(keeper.check(SAMPLE, GROWN, 1000)).rejects.toThrow('gone');
});

test('work that is to be cancelled when space runs out is cancelled once', async () => {
  const { keeper, logged, now, setSpeed, kinds } = await keeperOf({ onFull: 'cancel' });
  now.mockResolvedValue(LITTLE);
  await keeper.check(SAMPLE, GROWN, 0);
  await keeper.check(SAMPLE, GROWN, 2000);
  expect(kinds()).toEqual(['space-ran-out']);
  expect(logged.now.state).toBe('cancelling');
  expect(setSpeed).not.toHaveBeenCalled();
});

test('regression: a job that is ready would never end its pivot at a standstill, so it is resumed first', async () => {
  const { keeper, now, setSpeed, kinds } = await keeperOf();
  now.mockResolvedValue(LITTLE);
  await keeper.check(SAMPLE, GROWN, 0);
  await keeper.release();
  expect(setSpeed.mock.calls).toEqual([[1], [7]]);
  expect(kinds()).toEqual(['step-paused', 'step-resumed']);
  await keeper.release();
  expect(setSpeed).toHaveBeenCalledTimes(2);
});

test('free space that nobody can measure pauses nothing, and is not measured more often', async () => {
  const { keeper, now } = await keeperOf();
  now.mockRejectedValue(new Error('no such pool'));
  for (const at of [0, 500, 1000, 1500]) await keeper.check(SAMPLE, GROWN, at);
  expect(now).toHaveBeenCalledTimes(1);
  expect(keeper.isPaused).toBe(false);
  now.mockRejectedValue(new LostError('gone'));
  await expect(keeper.check(SAMPLE, GROWN, 2000)).rejects.toThrow('gone');
});

test('work does not begin where there is too little space', async () => {
  const { keeper, logged, now, kinds } = await keeperOf();
  now.mockResolvedValue(LITTLE);
  expect(await keeper.mayBegin(0)).toBe(false);
  expect(await keeper.mayBegin(2000)).toBe(false);
  now.mockResolvedValue(PLENTY);
  expect(await keeper.mayBegin(4000)).toBe(true);
  expect(kinds()).toEqual(['step-paused', 'step-resumed']);
  expect((await logged.entries()).at(-1)?.event).toMatchObject({ call: null });
});

test('regression: work that is to be cancelled for want of space does not begin before it is', async () => {
  const { keeper, now, kinds } = await keeperOf({ onFull: 'cancel' });
  now.mockResolvedValue(LITTLE);
  expect(await keeper.mayBegin(0)).toBe(false);
  expect(kinds()).toEqual(['space-ran-out']);
});

test('work that somebody cancels while it is paused is neither resumed nor paused anew', async () => {
  const { keeper, logged, now, setSpeed, kinds } = await keeperOf();
  now.mockResolvedValue(LITTLE);
  await keeper.check(SAMPLE, GROWN, 0);
  await logged.write({ kind: 'cancel-asked', actor: 'a' });
  now.mockResolvedValue(PLENTY);
  await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 2000);
  expect(setSpeed.mock.calls).toEqual([[1]]);
  expect(kinds()).toEqual(['step-paused', 'cancel-asked']);
});

test('regression: a pool that is refreshed now and then does not make the work seem that of others', async () => {
  const { keeper, now } = await keeperOf();
  const pool = (free: number) => freeSpaceOf(free * MIB, { reserve: MIB, age: 5 });
  // 10 MiB a second, which the pool reports every 4 seconds.
  for (const second of [0, 2, 4, 6, 8]) {
    now.mockResolvedValue(pool(200 - 10 * (second - (second % 4))));
    await keeper.check(SAMPLE, { copied: second * 10 * MIB, rate: 10 * MIB }, second * 1000);
  }
  expect(keeper.isPaused).toBe(false);
});

describe('work that may take from the reserve', () => {
  const asked = { kind: 'resume-asked', step: 0, fileSystem: '/vm', actor: 'a' } as const;

  test('is resumed at once, and paused again before nothing is left', async () => {
    const { keeper, logged, now, setSpeed, kinds } = await keeperOf();
    now.mockResolvedValue(LITTLE);
    await keeper.check(SAMPLE, GROWN, 0);
    await logged.write(asked);
    await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 500);
    expect(setSpeed.mock.calls).toEqual([[1], [7]]);
    expect(logged.now.paused).toBeNull();
    now.mockResolvedValue(freeSpaceOf(13, { reserve: MIB }));
    await keeper.check(SAMPLE, GROWN, 4000);
    expect(logged.now.paused).toEqual({
      step: 0,
      fileSystem: '/vm',
      free: 13,
      needed: 21,
      neededWithReserve: null,
    });
    now.mockResolvedValue(freeSpaceOf(21, { reserve: MIB }));
    await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 20_000);
    expect(kinds()).toEqual(['step-paused', 'resume-asked', 'step-resumed', 'step-paused', 'step-resumed']);
  });

  test('waits for less where there is too little even so', async () => {
    const { keeper, logged, now, setSpeed, kinds } = await keeperOf();
    now.mockResolvedValue(freeSpaceOf(3, { reserve: MIB }));
    await keeper.check(SAMPLE, GROWN, 0);
    await logged.write(asked);
    await keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 500);
    expect(logged.now.paused).toMatchObject({ needed: 21, neededWithReserve: null });
    expect(setSpeed.mock.calls).toEqual([[1]]);
    expect(kinds()).toEqual(['step-paused', 'resume-asked', 'step-paused']);
  });

  test('is known to a fresh process, and only that step may', async () => {
    const paused = { kind: 'step-paused', pause: PAUSED, call: null } as const;
    const fresh = await keeperOf({ past: [paused, asked] });
    fresh.now.mockResolvedValue(LITTLE);
    await fresh.keeper.check({ ...SAMPLE, bandwidth: 1 }, GROWN, 0);
    expect(fresh.setSpeed.mock.calls).toEqual([[7]]);
    const other = await keeperOf({ past: [{ ...asked, step: 1 }] });
    other.now.mockResolvedValue(LITTLE);
    await other.keeper.check(SAMPLE, GROWN, 0);
    expect(other.keeper.isPaused).toBe(true);
  });

  test('begins where it had not begun', async () => {
    const { keeper, logged, now } = await keeperOf();
    now.mockResolvedValue(LITTLE);
    expect(await keeper.mayBegin(0)).toBe(false);
    await logged.write(asked);
    expect(await keeper.mayBegin(2000)).toBe(true);
  });
});

test('regression: one burst of writes between two measurements close together kept work paused for half a minute', async () => {
  const { keeper, now } = await keeperOf();
  const measure = (at: number, free: number) => {
    now.mockResolvedValue(freeSpaceOf(free, { reserve: MIB }));
    return keeper.check({ ...SAMPLE, bandwidth: keeper.isPaused ? 1 : 7 }, GROWN, at);
  };
  await measure(0, 26 * MIB);
  await measure(10, 6 * MIB);
  expect(keeper.isPaused).toBe(true);
  for (let at = 500; at <= 10_000; at += 500) await measure(at, 6 * MIB);
  expect(keeper.isPaused).toBe(false);
});
