import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('regression: a guest died of its block statistics being read during a pull, so nobody asks for them', () => {
  const files = globSync('../../{hosts,operations}/**/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !file.includes('.test.'),
  );
  expect(files.length).toBeGreaterThan(20);
  const asking = files.filter((file) =>
    /'(CONNECT_GET_ALL_DOMAIN_STATS|DOMAIN_GET_BLOCK_INFO)'/.test(
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    ),
  );
  expect(asking).toEqual([]);
});
