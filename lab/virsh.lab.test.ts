import { expect, test } from 'vitest';
import { hostOf } from './lab.ts';
import { virsh } from './virsh.ts';
import { lab } from './vitest-lab.ts';

const alpha = hostOf(lab, 'alpha');

test('a command’s output is its own, also with others beside it and one that failed before', async () => {
  await expect(virsh(alpha, 'domstate', 'nobody')).rejects.toThrow("failed to get domain 'nobody'");
  const words = ['it’s', "it's", 'a "b" \\ $c', ''];
  expect(await Promise.all(words.map((word) => virsh(alpha, 'echo', word)))).toEqual(words);
  expect(await virsh(alpha, 'echo one; echo two')).toBe('onetwo');
  expect(await virsh(alpha, 'uri')).toBe(`${alpha.uri}\n`);
});

test('of several commands in one string one that fails is reported', async () => {
  await expect(virsh(alpha, 'domstate nobody; uri')).rejects.toThrow("failed to get domain 'nobody'");
});

test('a command with a line’s end in it is one command', async () => {
  expect((await virsh(alpha, 'echo', 'one\ntwo')).trim()).toBe('one\ntwo');
});
