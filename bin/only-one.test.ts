import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { isOnlyOne } from './only-one.ts';

interface Another {
  readonly answer: string;
  /** Kills it and waits for its end. */
  kill(): Promise<unknown>;
}

const others: Another[] = [];

afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.kill()));
});

const nameOf = (title: string) => `backchain-test-${process.pid}-${title}`;

/** Another process that asks, prints the answer, and stays. */
async function another(name: string): Promise<Another> {
  const program = `
    import { isOnlyOne } from ${JSON.stringify(join(import.meta.dirname, 'only-one.ts'))};
    setInterval(() => {}, 1000);
    console.log(await isOnlyOne(${JSON.stringify(name)}));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [words] = await once(child.stdout, 'data');
  const kill = () => {
    child.kill('SIGKILL');
    return ended;
  };
  const other = { answer: String(words).trim(), kill };
  others.push(other);
  return other;
}

test('the first process gets the name, and a second does not', async () => {
  const name = nameOf('second');
  expect(await isOnlyOne(name)).toBe(true);
  expect((await another(name)).answer).toBe('false');
  expect(await isOnlyOne(`${name}-other`)).toBe(true);
});

test('a process that was killed no longer has the name', async () => {
  const name = nameOf('killed');
  const { answer, kill } = await another(name);
  expect(answer).toBe('true');
  expect(await isOnlyOne(name)).toBe(false);
  await kill();
  expect(await isOnlyOne(name)).toBe(true);
});

test('of many processes at once, one gets the name', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => another(nameOf('at-once'))));
  expect(all.map(({ answer }) => answer).toSorted()).toEqual(['false', 'false', 'false', 'false', 'true']);
});
