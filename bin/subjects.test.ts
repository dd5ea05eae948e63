import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BROWSER, LAB, provedBy, SUBJECTS } from './subjects.ts';

const root = join(import.meta.dirname, '..');

test('each subject has tests, and each of the guide’s rows has one in the browser', () => {
  const files = globSync('test/integration/**/*.lab.test.ts', { cwd: root });
  expect(LAB.filter((part) => !files.some((file) => file.includes(part)))).toEqual([]);
  const rows = globSync('e2e/*.spec.ts', { cwd: root }).filter((file) =>
    new RegExp(BROWSER.files).test(`/${file}`),
  );
  expect(rows).toContain('e2e/branches.spec.ts');
  expect([...new Set(rows.flatMap((file) => /([ap]\d)-/.exec(file)?.[1] ?? []))].toSorted()).toEqual([
    'a1',
    'a2',
    'a3',
    'a4',
    'p1',
    'p2',
    'p3',
  ]);
});

test('what passed is counted by subject, and what did not is not', () => {
  const of = (file: string, ...statuses: readonly string[]) => ({
    name: `/src/test/integration/${file}.lab.test.ts`,
    assertionResults: statuses.map((status) => ({ status })),
  });
  const lab = {
    testResults: [
      of('snapshot/depth', 'passed', 'failed'),
      of('snapshot/revert', 'passed', 'passed', 'skipped'),
      of('migrate/migrate', 'passed'),
    ],
  };
  const proved = provedBy(JSON.stringify(lab), JSON.stringify({ stats: { expected: 9, unexpected: 1 } }));
  expect([...proved.keys()]).toEqual([BROWSER.subject, ...SUBJECTS.keys()]);
  expect([...proved].filter(([, count]) => count > 0)).toEqual([
    [BROWSER.subject, 9],
    ['snapshots, branches and reverts', 3],
    ['migrations and their refusals', 1],
  ]);
});
