import { expect, test } from 'vitest';
import { attempt, run, runAll } from './run.ts';

test('a program gets its words as they are, and what it prints is its own', async () => {
  const words = ['it’s', "it's", 'a "b" \\ $c `d`', 'two\nlines', '', '-n', '%s'];
  const print = (word: string) => run('printf', ['%s', word]);
  expect(await Promise.all(words.map(print))).toEqual(words);
  expect(await run('sh', ['-c', 'printf out; printf err >&2'])).toBe('out');
});

test('a program that fails is told by its exit status and its words', async () => {
  const failing = ['-c', 'echo said; echo why >&2; exit 3'];
  expect(await attempt('sh', failing)).toEqual({ status: 3, stdout: 'said\n', stderr: 'why\n' });
  await expect(run('sh', failing)).rejects.toMatchObject({ code: 'failed', message: /: why$/ });
  await expect(run('no-such-program', [])).rejects.toMatchObject({ code: 'not-installed' });
  expect(await run('echo', ['after', 'it'])).toBe('after it\n');
});

test('a program reads the input that it is given, and nothing of the commands after it', async () => {
  expect(await run('cat', [], "it's $in\nput")).toBe("it's $in\nput\n");
  expect(await Promise.all([run('cat', []), run('echo', ['next'])])).toEqual(['', 'next\n']);
});

test('of several programs none runs after one that failed', async () => {
  expect(
    await runAll([
      ['echo', 'one'],
      ['echo', 'two'],
    ]),
  ).toBe('one\ntwo\n');
  await expect(runAll([['echo', 'one'], ['false'], ['echo', 'two']])).rejects.toMatchObject({
    message: /: one$/,
  });
});
