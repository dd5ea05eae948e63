import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Who may import whom: each part with the parts that it may use beside itself. The longest matching prefix of a
 * file's path decides which part it belongs to. Test files may use the lab as well.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  'server/libvirt': [],
  'server/store': ['model'],
  'server/hosts': ['model', 'server/libvirt'],
  'server/operations': ['model'],
  'server/auth': ['model', 'server/store'],
  'server/api': ['model'],
  server: ['model', 'server'],
  components: ['model', 'messages'],
  app: ['components', 'model', 'messages', 'server/runtime.ts', 'server/api/router.ts', 'server/auth'],
  lab: [],
  bin: ['lab'],
  bench: ['lab', 'bin', 'server', 'model'],
  e2e: ['lab', 'bin', 'model', 'messages'],
  'proxy.ts': ['server/auth'],
  'instrumentation.ts': ['server/process.ts'],
};
/** Components know the shape of the API, and nothing of its code. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { components: ['server/api/router.ts'] };
const TESTS_MAY = ['lab'];

const root = join(import.meta.dirname, '..');
const parts = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const isIn = (path: string, part: string) => path === part || path.startsWith(`${part}/`);
const partOf = (path: string) => parts.find((part) => isIn(path, part));

const IMPORT =
  /(?:^|\n)\s*(?:import|export)(\s+type)?\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(([, type, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    if (!specifier.startsWith('.')) return [];
    const to = relative(root, join(root, dirname(file), specifier));
    return [{ from: file, to, typeOnly: type !== undefined }];
  });
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const part = partOf(from);
  if (part === undefined) return false;
  if (partOf(to) === part) return true;
  const allowed = [
    ...(MAY_IMPORT[part] ?? []),
    ...(typeOnly ? (TYPES_ONLY[part] ?? []) : []),
    ...(/\.test\.tsx?$|\/testing/.test(from) ? TESTS_MAY : []),
  ];
  return allowed.some((other) => isIn(to, other));
}

const files = globSync(['{app,bench,bin,components,e2e,lab,model,server}/**/*.{ts,tsx}', '*.ts'], {
  cwd: root,
}).filter((file) => partOf(file) !== undefined);

test('imports go only where the design allows', () => {
  expect(files.length).toBeGreaterThan(100);
  const forbidden = files
    .flatMap(importsOf)
    .filter((found) => !isAllowed(found))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(forbidden).toEqual([]);
});

test('an import against the direction is seen', () => {
  expect(isAllowed({ from: 'model/plan.ts', to: 'server/runtime.ts', typeOnly: true })).toBe(false);
  expect(isAllowed({ from: 'components/a.tsx', to: 'server/api/router.ts', typeOnly: false })).toBe(false);
  expect(isAllowed({ from: 'components/a.tsx', to: 'server/api/router.ts', typeOnly: true })).toBe(true);
});
