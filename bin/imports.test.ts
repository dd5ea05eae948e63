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
  'server/ports': ['model'],
  'server/store': ['model'],
  'server/hosts': ['model', 'server/libvirt'],
  'server/operations': ['model'],
  'server/auth': ['model', 'server/store'],
  'server/api': ['model'],
  'server/services': ['model', 'server/hosts', 'server/libvirt', 'server/operations', 'server/store'],
  'server/settings': ['model', 'server/libvirt'],
  server: ['model', 'server'],
  components: ['model', 'messages'],
  app: ['components', 'model', 'messages', 'server/running.ts', 'server/api/router.ts', 'server/auth'],
  lab: ['model/fleet/capabilities.ts'],
  bin: ['lab', 'model/fleet/capabilities.ts'],
  bench: ['lab', 'bin', 'server', 'model'],
  test: ['lab', 'bin', 'server', 'model'],
  e2e: ['lab', 'bin', 'model', 'messages'],
  'proxy.ts': ['server/auth'],
  'instrumentation.ts': ['server/process.ts'],
};
/**
 * Where only types are imported: components know the shape of the API, and nothing of its code. Ports are types, which the engine
 * needs filled and others fill.
 */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  components: ['server/api/router.ts'],
  'server/api': ['server/ports'],
  'server/hosts': ['server/ports'],
  'server/operations': ['server/ports'],
  'server/services': ['server/api/context.ts', 'server/ports'],
  'server/store': ['server/ports'],
};
const TESTS_MAY = ['lab', 'test/support'];

/**
 * What each part may use of others: packages, with all that is below their names, and of Node. `node:` alone is all of
 * it. Tests may use what each of them may, and their own tools.
 */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  model: [],
  'server/libvirt': ['node:'],
  'server/ports': [],
  'server/store': ['node:', 'kysely'],
  'server/hosts': ['node:', 'fast-xml-parser', 'zod'],
  'server/operations': ['node:crypto'],
  'server/auth': ['node:', 'better-auth', 'zod'],
  'server/api': ['@trpc/server', 'superjson', 'zod'],
  'server/services': [],
  'server/settings': ['node:'],
  server: ['node:', 'pino'],
  components: [
    '@tanstack/react-query',
    '@trpc/client',
    '@trpc/tanstack-react-query',
    '@xyflow/react',
    'next',
    'next-intl',
    'react',
    'superjson',
  ],
  app: ['@trpc/server', 'geist', 'next', 'next-intl', 'react'],
  lab: ['node:', 'vitest'],
  bin: ['node:'],
  bench: ['node:', '@playwright/test', '@trpc/client', 'superjson'],
  test: ['node:', 'vitest', 'zod'],
  e2e: ['node:', '@axe-core/playwright', '@playwright/test'],
  'proxy.ts': ['node:crypto', 'next'],
  'instrumentation.ts': [],
};
const TESTS_USE = ['node:', 'vitest', 'zod', 'fast-xml-parser', '@trpc/server', 'react-dom'];

/**
 * The floors inside a part, from the lowest: a folder may import those on the floors below it, and files at the top of the
 * part, which import none of them. Folders on one floor don't know each other.
 */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'server/hosts': [
    ['shell', 'xml'],
    ['images'],
    ['content', 'fleet'],
    ['pools'],
    ['guests', 'references'],
    ['doctor'],
  ],
  model: [
    ['fleet'],
    ['content'],
    ['cost'],
    ['plans'],
    ['plans/delete-snapshot', 'plans/fixes', 'plans/migrate', 'plans/revert', 'plans/shorten'],
    ['plans/undo'],
    ['kinds'],
    ['doctor', 'operation'],
  ],
  components: [
    ['address', 'ui'],
    ['account', 'live', 'problem'],
    ['chain', 'operations'],
    ['leftovers', 'notices', 'plan', 'section', 'table'],
    ['actions', 'fleet', 'graph'],
    ['doctor', 'hosts'],
    ['guest'],
    ['overview', 'shell'],
  ],
  'components/graph': [['layout'], ['edges', 'nodes'], ['view']],
};

const root = join(import.meta.dirname, '..');
const parts = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const isIn = (path: string, part: string) => path === part || path.startsWith(`${part}/`);
const partOf = (path: string) => parts.find((part) => isIn(path, part));

const IMPORT =
  /(?:^|\n)\s*(?:import|export)(\s+type)?\b(?:[^;'"]*?from)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

interface Import {
  readonly from: string;
  /** A file of ours, or the bare name of what others made. */
  readonly to: string;
  readonly bare: boolean;
  readonly typeOnly: boolean;
}

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].flatMap(([, type, named, dynamic]) => {
    const specifier = named ?? dynamic ?? '';
    // A test writes a program of its own, whose imports are put together when it runs.
    if (/\$\{/.test(specifier)) return [];
    const bare = !specifier.startsWith('.');
    const to = bare ? specifier : relative(root, join(root, dirname(file), specifier));
    return [{ from: file, to, bare, typeOnly: type !== undefined }];
  });
}

const isTest = (file: string) => /\.test\.tsx?$|\/testing/.test(file);

function isAllowed({ from, to, bare, typeOnly }: Import): boolean {
  const part = partOf(from);
  if (part === undefined) return false;
  if (bare) {
    const used = [...(MAY_USE[part] ?? []), ...(isTest(from) ? TESTS_USE : [])];
    return used.some((name) => isIn(to, name) || (name === 'node:' && to.startsWith(name)));
  }
  if (partOf(to) === part) return true;
  const allowed = [
    ...(MAY_IMPORT[part] ?? []),
    ...(typeOnly ? (TYPES_ONLY[part] ?? []) : []),
    ...(isTest(from) ? TESTS_MAY : []),
  ];
  return allowed.some((other) => isIn(to, other));
}

const files = globSync(['{app,bench,bin,components,e2e,lab,model,server,test}/**/*.{ts,tsx}', '*.ts'], {
  cwd: root,
}).filter((file) => partOf(file) !== undefined);

test('imports go only where the design allows', () => {
  expect(files.length).toBeGreaterThan(100);
  const forbidden = files
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
    .filter((found) => !isAllowed(found))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(forbidden).toEqual([]);
});

/** Statements that leave nothing behind once types are removed. */
const TYPE_STATEMENT = /^(?:import type|export (?:type|interface)|type|interface)\b/;

function isRuntimeCode(line: string): boolean {
  return /^[a-z]/i.test(line) && !TYPE_STATEMENT.test(line);
}

test('ports are types only', () => {
  const ports = files.filter((file) => isIn(file, 'server/ports'));
  expect(ports.length).toBeGreaterThan(10);
  const code = ports.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter(isRuntimeCode)
      .map((line) => `${file}: ${line}`),
  );
  expect(code).toEqual([]);
});

test.each([
  "import { problem } from '../../model/problem.ts';",
  'export const LIMIT = 3;',
  'export class Journal {',
  'export function read() {',
  "export * from './journal.ts';",
])('a port may not say: %s', (line) => {
  expect(isRuntimeCode(line)).toBe(true);
});

/** The folder of a file in its part. A folder with floors of its own is one folder of the part around it. */
function folderIn(part: string, file: string): string {
  const inner = Object.keys(FLOORS).find((other) => other !== part && isIn(other, part) && isIn(file, other));
  return relative(part, inner ?? dirname(file));
}

/** The floor of a folder in its part, -1 at the part's top for values that all use; `null` where no floor has it. */
function floorOf(part: string, folder: string): number | null {
  if (folder === '') return -1;
  const floor = (FLOORS[part] ?? []).findIndex((folders) => folders.includes(folder));
  return floor === -1 ? null : floor;
}

/** The scene of the graph joins what the folders below it make; nothing in these imports it. */
const JOINS = ['components/graph'];

function isUpward(part: string, { from, to }: Import): boolean {
  if (!isIn(from, part) || !isIn(to, part) || isTest(from)) return false;
  const [upper, lower] = [folderIn(part, from), folderIn(part, to)];
  if (upper === lower) return false;
  const [above, below] = [floorOf(part, upper), floorOf(part, lower)];
  if (above === null || below === null) return true;
  if (JOINS.includes(part)) return above !== -1 && (below === -1 || below >= above);
  return below >= above;
}

test.each(Object.keys(FLOORS))('inside %s imports go down only', (part) => {
  const upward = files
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
    .filter((found) => !found.bare && isUpward(part, found))
    .map(({ from, to }) => `${from} -> ${to}`);
  expect(upward).toEqual([]);
});

test('no file imports itself through others', () => {
  const imported = new Map(
    files.map((file) => {
      const found = importsOf(file, readFileSync(join(root, file), 'utf8'));
      return [file, found.filter(({ bare }) => !bare).map(({ to }) => to)];
    }),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of imported.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test.each([
  ['server/hosts', 'server/hosts/shell/turns.ts', 'server/hosts/images/qemu-img.ts'],
  ['server/hosts', 'server/hosts/guests/snapshots.ts', 'server/hosts/references/register.ts'],
  ['model', 'model/plans/step.ts', 'model/plans/shorten/cheapest.ts'],
  ['model', 'model/nook/new.ts', 'model/fleet/chain.ts'],
  ['components', 'components/live/stream.tsx', 'components/notices/notices.tsx'],
  ['components', 'components/chain/states.tsx', 'components/graph/nodes/flags.tsx'],
  ['components/graph', 'components/graph/nodes/image-node.tsx', 'components/graph/canvas.tsx'],
])('in %s, %s may not import %s', (part, from, to) => {
  expect(isUpward(part, { from, to, bare: false, typeOnly: false })).toBe(true);
});

test('an import against the direction is seen', () => {
  const ours = { bare: false, typeOnly: false };
  expect(isAllowed({ ...ours, from: 'model/plans/plan.ts', to: 'server/runtime.ts', typeOnly: true })).toBe(
    false,
  );
  expect(isAllowed({ ...ours, from: 'server/hosts/a.ts', to: 'server/ports/journal.ts' })).toBe(false);
  expect(isAllowed({ ...ours, from: 'server/ports/a.ts', to: 'server/hosts/fleet/fleet.ts' })).toBe(false);
  expect(isAllowed({ ...ours, from: 'components/a.tsx', to: 'server/api/router.ts' })).toBe(false);
  expect(isAllowed({ ...ours, from: 'components/a.tsx', to: 'server/api/router.ts', typeOnly: true })).toBe(
    true,
  );
});

test.each([
  ['model/plans/plan.ts', "import { readFile } from 'node:fs/promises';"],
  ['model/plans/plan.ts', "import 'zod';"],
  ['model/plans/plan.ts', "export { z } from 'zod';"],
  ['model/plans/plan.ts', "const { z } = await import('zod');"],
  ['server/libvirt/client.ts', "import { parse } from 'fast-xml-parser';"],
  ['server/operations/engine.ts', "import { spawn } from 'node:child_process';"],
  ['components/panel.tsx', "import { join } from 'node:path';"],
  ['components/panel.tsx', "import { useLeft } from 'reactive';"],
  ['app/page.tsx', "import type { Kysely } from 'kysely';"],
])('%s may not say: %s', (file, line) => {
  expect(importsOf(file, line).map(isAllowed)).toEqual([false]);
});

test.each([
  ['server/libvirt/client.ts', "import { connect } from 'node:net';"],
  ['model/plans/plan.test.ts', "import { test } from 'vitest';"],
  ['components/panel.tsx', "import Link from 'next/link';"],
])('%s may say: %s', (file, line) => {
  expect(importsOf(file, line).map(isAllowed)).toEqual([true]);
});
