import { expect, test } from 'vitest';
import { freeSpaceOf } from '../testing.ts';
import {
  type Destination,
  destinationRefusals,
  destinationWarnings,
  EMPTY_IMAGE,
  folderOf,
  pathProblem,
  UNKNOWN_DESTINATION,
} from './destination.ts';

const FREE: Destination = { at: 'nothing', folder: 'there', freeSpace: freeSpaceOf(2 ** 30) };

test.each([
  ['/images/a b "ü" 名.qcow2', undefined],
  ['images/a.qcow2', 'DESTINATION_RELATIVE'],
  ['', 'DESTINATION_EMPTY'],
  ['/images/../a.qcow2', 'DESTINATION_NOT_PLAIN'],
  ['/images/./a.qcow2', 'DESTINATION_NOT_PLAIN'],
  ['/images//a.qcow2', 'DESTINATION_NOT_PLAIN'],
  ['/images/', 'DESTINATION_NOT_PLAIN'],
  ['/', 'DESTINATION_NOT_PLAIN'],
  ['/images/..a', undefined],
  ['/images/a\nb', 'DESTINATION_CONTROL'],
  ['/images/a\0b', 'DESTINATION_CONTROL'],
  ['/images/\ud800', 'DESTINATION_CONTROL'],
  [`/${'名'.repeat(85)}`, undefined],
  [`/${'名'.repeat(86)}`, 'DESTINATION_LONG'],
  ['/abc'.repeat(1024), 'DESTINATION_LONG'],
])('%j as the path of a new image: %s', (path, code) => {
  expect(pathProblem(path)?.code).toBe(code);
});

test.each([
  [{}, undefined],
  [{ at: 'file' }, 'DESTINATION_EXISTS'],
  [{ at: 'other' }, 'DESTINATION_EXISTS'],
  [{ at: 'folder' }, 'DESTINATION_IS_FOLDER'],
  [{ folder: 'missing' }, 'DESTINATION_NO_FOLDER'],
  [{ folder: 'not-a-folder' }, 'DESTINATION_NOT_A_FOLDER'],
  [{ freeSpace: freeSpaceOf(EMPTY_IMAGE - 1) }, 'DESTINATION_FULL'],
  [{ freeSpace: freeSpaceOf(EMPTY_IMAGE) }, undefined],
  [{ freeSpace: null }, undefined],
] as const)('what is at the path is reported: %j: %s', (found, code) => {
  expect(destinationRefusals('/images/a', { ...FREE, ...found })[0]?.code).toBe(code);
});

test('a path that could not be read is a warning, no refusal', () => {
  expect(destinationRefusals('/images/a', UNKNOWN_DESTINATION)).toEqual([]);
  expect(destinationWarnings('/images/a', UNKNOWN_DESTINATION)).toMatchObject([
    { code: 'DESTINATION_UNREADABLE' },
  ]);
  expect(destinationWarnings('/images/a', FREE)).toEqual([]);
});

test('a file system in memory is a warning, no refusal', () => {
  const found = { ...FREE, inMemory: true };
  expect(destinationRefusals('/dev/shm/a', found)).toEqual([]);
  expect(destinationWarnings('/dev/shm/a', found)).toMatchObject([
    { code: 'DESTINATION_IN_MEMORY', params: { folder: '/dev/shm' } },
  ]);
});

test('the folder of a path', () => {
  expect(folderOf('/a/b')).toBe('/a');
  expect(folderOf('/a')).toBe('/');
});
