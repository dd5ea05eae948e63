import { expect, test } from 'vitest';
import { followOutput, TooSlow } from './process-output.ts';

const shell = (script: string, read: (text: string) => void = () => {}, timeout = 60_000) =>
  followOutput(['sh', '-c', script], { timeout, env: process.env }, read);

test('standard output comes as it is printed, standard error at the end', async () => {
  let output = '';
  const ended = await shell('echo one; echo no >&2; echo two; exit 3', (text) => {
    output += text;
  });
  expect(output).toBe('one\ntwo\n');
  expect(ended).toEqual({ failure: null, status: 3, stderr: 'no' });
});

test('the program ends when the reader throws, and after its timeout', async () => {
  const listener = new Error('that is enough');
  const deaf = () => {
    throw listener;
  };
  await expect(shell('echo one; exec sleep 60', deaf)).rejects.toBe(listener);
  expect((await shell('exec sleep 60', () => {}, 10)).failure).toBeInstanceOf(TooSlow);
  const missing = await followOutput(
    ['backchain-no-such-program'],
    { timeout: 60_000, env: process.env },
    () => {},
  );
  expect(missing).toMatchObject({ failure: { code: 'ENOENT' }, status: null });
});
