import { expect, test } from 'vitest';
import { asSilent, type Guest } from '../../../model/fleet/guest.ts';
import { diskWith, guestWith } from '../../../model/testing.ts';
import { type DomainRef, domainRef, formatUuid, LibvirtError } from '../../libvirt/index.ts';
import { Inventory } from './inventory.ts';

const UUID = '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10';
const DOMAIN: DomainRef = domainRef(UUID, 'web-1');
const named = (name: string) => guestWith(diskWith(null), { uuid: UUID, name });

type Answer = Guest | null | Error;

/** An inventory whose reads the test answers, in any order. */
function inventory(domains: readonly DomainRef[] = [DOMAIN]) {
  const reads: {
    source: string;
    answer: (answer: Answer) => void;
    silent: (guest: Guest, isSure: boolean) => void;
  }[] = [];
  const changes: (string | null)[] = [];
  const failures: unknown[] = [];
  const made = new Inventory<string>(
    {
      list: async () => domains,
      load: (source, { uuid }, silent) =>
        new Promise((resolve, reject) => {
          expect(formatUuid(uuid)).toBe(UUID);
          const answer = (given: Answer) => (given instanceof Error ? reject(given) : resolve(given));
          reads.push({ source, answer, silent });
        }),
    },
    ({ guest }) => changes.push(guest?.name ?? null),
    (error) => failures.push(error),
  );
  return { made, reads, changes, failures };
}

/** Runs everything that only waits for its turn. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('touches during a read cause one more, and every caller waits for it', async () => {
  const { made, reads, changes } = inventory();
  const first = made.load('a', DOMAIN);
  const second = made.load('a', DOMAIN);
  made.touch('a', { uuid: UUID });
  let over = false;
  void second.then(() => {
    over = true;
  });
  reads[0]?.answer(named('old'));
  await settled();
  expect(over).toBe(false);
  expect(reads).toHaveLength(2);
  reads[1]?.answer(named('new'));
  await Promise.all([first, second]);
  expect(changes).toEqual(['old', 'new']);
  expect(reads).toHaveLength(2);
});

test('nothing is reported where nothing changed', async () => {
  const { made, reads, changes } = inventory();
  for (const read of [0, 1]) {
    const load = made.load('a', DOMAIN);
    reads[read]?.answer(named('same'));
    await load;
  }
  expect(changes).toEqual(['same']);
});

test('a read that fails is made again where the guest was touched meanwhile: a QEMU that ended, say', async () => {
  const { made, reads, changes, failures } = inventory();
  made.touch('a', { uuid: UUID });
  made.touch('a', { uuid: UUID });
  reads[0]?.answer(new Error('the monitor is gone'));
  await settled();
  reads[1]?.answer(named('stopped'));
  await settled();
  expect([changes, failures]).toEqual([['stopped'], []]);
});

test('a read that fails again is reported, and the next touch reads again', async () => {
  const { made, reads, failures, changes } = inventory();
  made.touch('a', { uuid: UUID });
  reads[0]?.answer(new Error('broken'));
  await settled();
  expect(failures).toHaveLength(1);
  made.touch('a', { uuid: UUID });
  reads[1]?.answer(named('well'));
  await settled();
  expect(changes).toEqual(['well']);
});

test('a read on an earlier connection is neither waited for nor kept', async () => {
  const { made, reads, changes } = inventory();
  const old = made.load('old', DOMAIN);
  const load = made.load('new', DOMAIN);
  expect(reads.map(({ source }) => source)).toEqual(['old', 'new']);
  reads[1]?.answer(named('fresh'));
  await load;
  reads[0]?.answer(named('outdated'));
  await old;
  expect(changes).toEqual(['fresh']);
});

test('a guest that can’t be read does not keep the others from being loaded, a lost connection does', async () => {
  const { made, reads, failures } = inventory();
  const all = made.loadAll('a');
  await settled();
  reads[0]?.answer(new Error('this one only'));
  await all;
  expect(failures).toHaveLength(1);
  const lost = made.loadAll('a');
  await settled();
  reads[1]?.answer(new LibvirtError('CONNECTION_LOST', 'gone'));
  await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('a guest that the host no longer lists is read once, and dropped', async () => {
  const { made, reads, changes } = inventory([]);
  const load = made.load('a', DOMAIN);
  reads[0]?.answer(named('known'));
  await load;
  await made.loadAll('a');
  reads[1]?.answer(null);
  await settled();
  expect(changes).toEqual(['known', null]);
  expect(made.guests()).toEqual([]);
});

test('a guest that does not answer is shown, and what is known of it never becomes less', async () => {
  const { made, reads } = inventory();
  const all = made.loadAll('a');
  await settled();
  const unread = { ...named('web-1'), disks: [], unread: { code: 'GUEST_UNREAD', params: {} } } as const;
  reads[0]?.silent(unread, false);
  await all;
  expect(made.guests()).toEqual([unread]);
  const silent = named('web-1');
  reads[0]?.silent(silent, true);
  expect(made.guests()).toEqual([silent]);
  reads[0]?.answer(new Error('timed out'));
  await settled();
  // It is asked again without anything that touches it.
  reads[1]?.silent(unread, true);
  expect(made.guests()).toEqual([asSilent(silent)]);
  reads[1]?.answer(named('answered'));
  await settled();
  expect(made.guests()).toEqual([named('answered')]);
});

test('regression: a guest that was known did not show that it no longer answers', async () => {
  const { made, reads } = inventory();
  const known = made.load('a', DOMAIN);
  reads[0]?.answer(named('web-1'));
  await known;
  const all = made.loadAll('b');
  await settled();
  const unread = { ...named('web-1'), disks: [], unread: { code: 'GUEST_UNREAD', params: {} } } as const;
  reads[1]?.silent(unread, false);
  expect(made.guests()).toEqual([named('web-1')]);
  reads[1]?.silent(unread, true);
  await all;
  expect(made.guest(UUID)?.disks.map(({ target, problem }) => [target, problem?.code])).toEqual([
    ['vda', 'GUEST_SILENT'],
  ]);
  reads[1]?.answer(new LibvirtError('CONNECTION_LOST', 'gone'));
  await settled();
  expect(reads).toHaveLength(2);
});
