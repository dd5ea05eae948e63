import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killDaemon } from './faults.ts';
import { keptLab } from './kept.ts';
import { down, hostOf, up } from './lab.ts';

const dir = join(tmpdir(), `kept-test-${process.pid}`);

afterEach(() => down({ dir }));

test('a lab is kept while its daemons answer', async () => {
  expect(await keptLab(dir)).toBeNull();
  const lab = await up({ dir, guests: 'none' });
  expect(await keptLab(dir)).toEqual(lab);
  await killDaemon(lab, hostOf(lab, 'beta'));
  expect(await keptLab(dir)).toBeNull();
});
