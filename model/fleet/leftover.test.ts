import { expect, test } from 'vitest';
import { dependentsOf, type ImageFile, overlaysFirst, usedAmong } from './leftover.ts';

const file = (path: string, ...backing: readonly string[]): ImageFile => ({
  path,
  identity: path,
  format: 'qcow2',
  backing,
  backingPath: backing[0] ?? null,
  virtualSize: 1,
  allocated: 1,
  modifiedAt: 1,
  stamp: '1',
  pool: 'default',
});

test('what a used file depends on is used, however far down, and what depends on it is not', () => {
  const files = [
    file('/a', '/b'),
    file('/b', '/c'),
    file('/c'),
    file('/over', '/a'),
    file('/x', '/y'),
    file('/y'),
  ];
  expect([...usedAmong(files, ['/a', '/elsewhere'])].sort()).toEqual(['/a', '/b', '/c', '/elsewhere']);
});

test('files that name each other end the search', () => {
  const files = [file('/a', '/b'), file('/b', '/a')];
  expect([...usedAmong(files, ['/a'])].sort()).toEqual(['/a', '/b']);
  expect(dependentsOf(file('/a', '/b'), files)).toEqual(['/b']);
});

test('one file under two names may depend on two images', () => {
  const files = [file('/a', '/b'), { ...file('/hard', '/c'), identity: '/a' }, file('/b'), file('/c')];
  expect([...usedAmong(files, ['/a'])].sort()).toEqual(['/a', '/b', '/c']);
});

test('overlays come before the images that they depend on', () => {
  const files = [file('/base'), file('/middle', '/base'), file('/top', '/middle'), file('/other', '/base')];
  const leftovers = files.map((one) => ({ ...one, under: dependentsOf(one, files) }));
  expect(overlaysFirst(leftovers).map(({ path }) => path)).toEqual(['/other', '/top', '/middle', '/base']);
});
