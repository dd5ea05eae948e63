import { expect, test } from 'vitest';
import { followOutput, TooSlow } from './process-output.ts';

const shell = (script: string, said: (text: string) => void = () => {}, timeout = 60_000) =>
  followOutput(['sh', '-c', script], { timeout, env: process.env }, said);

test('what a program prints is told as it comes, its complaints when it is over', async () => {
  let told = '';
  const ended = await shell('echo one; echo no >&2; echo two; exit 3', (text) => {
    told += text;
  });
  expect(told).toBe('one\ntwo\n');
  expect(ended).toEqual({ failure: null, status: 3, complaint: 'no' });
});

test('it ends with whoever listens, and when its time is over', async () => {
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
