import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/*.md', 'docs/adr/*.md'];
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const documents = globSync(DOCUMENTS, { cwd: root });

/** Everything in the tree, folders included, but what git ignores. */
const tree = globSync('**', {
  cwd: root,
  exclude: (name) => ['node_modules', '.next', '.git', '.linux', '.state'].includes(name),
});
const inTree = new Set(tree);
const topLevel = new Set(tree.filter((path) => !path.includes('/')));

const SOURCE = /\.(?:tsx?|mjs|json|md|py|s|sh|css)$/;

/** Whether a word in code type means a file or a folder of this tree. */
function isPath(word: string): boolean {
  if (!/^[\w.[\]()<>-]+(?:\/[\w.[\]()<>-]+)*\/?$/.test(word)) return false;
  const [first = ''] = word.split('/');
  return SOURCE.test(word) || (word.includes('/') && topLevel.has(first));
}

/** Accepts the end of a path too. A placeholder in angle brackets stands for any name. */
function exists(word: string): boolean {
  const path = word.replace(/\/$/, '');
  if (inTree.has(path)) return true;
  const named = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<[\w-]+>/g, '[\\w-]+');
  const pattern = new RegExp(`(?:^|/)${named}$`);
  return tree.some((candidate) => pattern.test(candidate));
}

const withoutBlocks = (text: string) => text.replace(/^```.*?^```/gms, '');
const pathsIn = (text: string) =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word).filter(isPath);

test.each(documents)('every path that %s names is in the tree', (document) => {
  expect(pathsIn(read(document)).filter((path) => !exists(path))).toEqual([]);
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

function leadsNowhere(document: string, target: string): boolean {
  if (/^https?:/.test(target)) return false;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : relative(root, join(root, dirname(document), path));
  if (!inTree.has(file)) return true;
  return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
}

test.each(documents)('every link in %s has a target', (document) => {
  const targets = [...withoutBlocks(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);
  expect(targets.filter((target) => leadsNowhere(document, target))).toEqual([]);
});

test('every document that a source names is there', () => {
  const sources = tree.filter((file) => /\.tsx?$/.test(file));
  const named = sources.flatMap((file) =>
    [...read(file).matchAll(/\bdocs\/(?:adr\/\d{4}[\w-]*|[\w-]+\.md)/g)].map(([path]) => `${file}: ${path}`),
  );
  expect(named.length).toBeGreaterThan(0);
  const isThere = (path: string) =>
    tree.some((file) => [path, `${path}.md`].includes(file) || file.startsWith(`${path}-`));
  expect(named.filter((line) => !isThere(line.slice(line.indexOf(': ') + 2)))).toEqual([]);
});

test.each([
  ['model/problem.ts', true],
  ['server/hosts/', true],
  ['snapshot-free-space.lab.test.ts', true],
  ['lab/<name>.lab.test.ts', true],
  ['model/nowhere.ts', false],
  ['server/rooms', false],
  ['lab/<name>.ruby.ts', false],
])('%s: in the tree, %s', (path, expected) => {
  expect([isPath(path), exists(path)]).toEqual([true, expected]);
});

test.each(['qemu:///system', '/dev/kvm', 'npm run demo', 'plans.preview', 'qemu-img', 'libvirt.conf'])(
  '%s names no path',
  (word) => {
    expect(isPath(word)).toBe(false);
  },
);
