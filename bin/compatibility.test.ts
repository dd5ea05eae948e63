import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Release, releasesIn, tableIn, tableOf, withRelease } from './compatibility.ts';

const document = readFileSync(join(import.meta.dirname, '../docs/compatibility.md'), 'utf8');

const old: Release = {
  name: 'Debian 12',
  libvirtVersion: '9.0.0',
  qemuVersion: '7.2.22',
  proved: new Map([['migrations', 3]]),
};
const young: Release = {
  name: 'Debian 13',
  libvirtVersion: '11.3.0',
  qemuVersion: '10.0.13',
  proved: new Map([
    ['moves', 18],
    ['migrations', 4],
  ]),
};

const cells = (table: string, title: string) =>
  table
    .split('\n')
    .find((line) => line.startsWith(`| ${title}`))
    ?.split(' | ')
    .slice(1)
    .map((cell) => cell.replace(' |', ''));

test('what the document says of each version is what the product decides by', () => {
  const releases = releasesIn(document);
  expect(releases.map(({ name }) => name)).toEqual(expect.arrayContaining(['Debian 12', 'Debian 13']));
  expect(tableIn(document)).toBe(tableOf(releases));
});

test('a column has the versions, what was proved, and what follows from the versions', () => {
  const table = tableOf([old, young]);
  expect(cells(table, 'libvirt |')).toEqual(['9.0.0', '11.3.0']);
  expect(cells(table, 'QEMU')).toEqual(['7.2.22', '10.0.13']);
  expect(cells(table, 'migrations')).toEqual(['3', '4']);
  expect(cells(table, 'moves')).toEqual(['–', '18']);
  expect(cells(table, 'libvirt reverts')).toEqual(['no', 'yes']);
  expect(cells(table, 'the most layers')).toEqual(['200; 200', '25; 22']);
});

test('a release is added, and one that is known is replaced in its place', () => {
  const added = withRelease(document, { ...old, name: 'Debian 15' });
  expect(releasesIn(added)).toEqual([...releasesIn(document), { ...old, name: 'Debian 15' }]);
  const [first] = releasesIn(document);
  const replaced = withRelease(added, { ...young, name: first?.name ?? '' });
  expect(releasesIn(replaced)[0]).toEqual({ ...young, name: first?.name });
  expect(releasesIn(replaced)).toHaveLength(releasesIn(added).length);
  const around = (text: string) => text.replace(tableIn(text) ?? '', '');
  expect(around(replaced)).toBe(around(document));
});
