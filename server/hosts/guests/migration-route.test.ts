import { expect, test } from 'vitest';
import { migrationRoute } from './migration-route.ts';

const UUID = '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10';
const socket = (path: string) => `qemu+unix:///session?socket=${path}`;

test('to another machine, the source connects as the dashboard does, and libvirt chooses the address for the memory', () => {
  for (const source of ['qemu:///system', 'qemu+ssh://root@a/system']) {
    for (const destination of ['qemu+ssh://root@b/system', 'qemu+tls://b/system']) {
      expect(migrationRoute(source, destination, UUID)).toEqual({
        destinationUri: destination,
        migrateUri: null,
      });
    }
  }
});

test('two daemons of this machine use a socket beside the destination’s', () => {
  expect(migrationRoute(socket('/run/a/sock'), socket('/run/b c/sock'), UUID)).toEqual({
    destinationUri: 'qemu+unix:///session?socket=%2Frun%2Fb%20c%2Fsock',
    migrateUri: 'unix:///run/b%20c/backchain-0b8e0b6e.sock',
  });
});

test('a socket of this machine can’t be reached from another', () => {
  expect(migrationRoute('qemu+ssh://root@a/system', 'qemu:///system', UUID)).toMatchObject({
    code: 'DESTINATION_OUT_OF_REACH',
  });
});

test('a path that is too long for a socket is refused before anything is done', () => {
  const deep = `/${'d'.repeat(90)}/sock`;
  expect(migrationRoute(socket('/run/a/sock'), socket(deep), UUID)).toMatchObject({
    code: 'MIGRATION_SOCKET_LONG',
  });
});
