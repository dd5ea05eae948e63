import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { holdAlone } from './exclusive.ts';

function file(): string {
  const folder = mkdtempSync(join(tmpdir(), 'backchain-alone-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'lock');
}

/** Takes the lock in a process of its own, which then dies without a release. */
function holdElsewhere(path: string) {
  const code = `
    const { holdAlone } = await import(${JSON.stringify(join(import.meta.dirname, 'exclusive.ts'))});
    holdAlone(${JSON.stringify(path)});
    process.kill(process.pid, 'SIGKILL');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
}

test('a second dashboard on one state directory is refused with a sentence', () => {
  const path = file();
  const release = holdAlone(path);
  expect(() => holdAlone(path)).toThrow(/Another dashboard already runs/);
  expect(holdElsewhere(path).stderr).toContain('Another dashboard already runs');
  release();
  holdAlone(path)();
});

test('a dashboard that was killed does not block the next one', () => {
  const path = file();
  expect(holdElsewhere(path).signal).toBe('SIGKILL');
  holdAlone(path)();
});
