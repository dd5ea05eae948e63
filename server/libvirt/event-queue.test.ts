import { describe, expect, it } from 'vitest';
import { LibvirtError } from './errors.ts';
import { EventQueue } from './event-queue.ts';

const over = { done: true, value: undefined };
const item = (n: number) => ({ done: false, value: { n } });

describe('a queue', () => {
  it('keeps the order of waiting events and of waiting reads', async () => {
    const queue = new EventQueue<{ n: number }>();
    queue.push({ n: 1 });
    queue.push({ n: 2 });
    expect(await queue.next()).toEqual(item(1));
    const [second, third, fourth] = [queue.next(), queue.next(), queue.next()];
    queue.push({ n: 3 });
    queue.push({ n: 4 });
    expect(await Promise.all([second, third, fourth])).toEqual([item(2), item(3), item(4)]);
  });

  it('that ended is read to its end', async () => {
    const queue = new EventQueue<{ n: number }>();
    queue.push({ n: 1 });
    queue.end();
    queue.push({ n: 2 });
    expect([await queue.next(), await queue.next(), await queue.next()]).toEqual([item(1), over, over]);
  });

  it('that failed throws once, after the events in it', async () => {
    const queue = new EventQueue<{ n: number }>();
    queue.push({ n: 1 });
    queue.fail(new LibvirtError('CONNECTION_LOST', 'gone'));
    expect(await queue.next()).toEqual(item(1));
    await expect(queue.next()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await queue.next()).toEqual(over);
  });

  it('ends all waiting reads, one of them with the reason', async () => {
    const queue = new EventQueue<{ n: number }>();
    const [first, second] = [queue.next(), queue.next()];
    queue.fail(new LibvirtError('CONNECTION_LOST', 'gone'));
    await expect(first).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(await second).toEqual(over);
  });

  it('that overflows throws at once, and accepts no more events', async () => {
    const queue = new EventQueue<{ n: number }>(3);
    for (let n = 0; n < 3; n++) queue.push({ n });
    expect(queue.over).toBe(false);
    queue.push({ n: 3 });
    expect(queue.over).toBe(true);
    queue.push({ n: 4 });
    await expect(queue.next()).rejects.toMatchObject({ code: 'EVENTS_OVERFLOW' });
    expect(await queue.next()).toEqual(over);
  });
});
