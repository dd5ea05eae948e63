import { expect, test } from 'vitest';
import { hostOf } from './lab.ts';
import { kill, processes, until } from './process.ts';
import { endVirsh, virsh } from './virsh.ts';
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

/** The virsh processes of this process, for the lab. */
const shells = () =>
  processes(
    ({ parent, command }) =>
      parent === process.pid &&
      command[0] === 'virsh' &&
      command.some((word) => word.includes(`${lab.dir}/`)),
  );

test('a virsh that was killed is not asked again', async () => {
  await virsh(alpha, 'uri');
  const running = await shells();
  expect(running).not.toEqual([]);
  await kill(running);
  expect(await virsh(alpha, 'echo', 'there')).toBe('there');
});

test('all that talk to a lab end when asked to, also in the middle of a command', async () => {
  await endVirsh(lab.dir);
  const answer = virsh(alpha, 'event --all --loop').catch(String);
  await until('the virsh', async () => (await shells()).length > 0);
  await endVirsh(lab.dir);
  expect(await answer).toContain('virsh ended at event --all --loop');
  expect(await shells()).toEqual([]);
});
