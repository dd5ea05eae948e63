import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPlaces, readCredentials } from './pki.ts';

let home: string;
const ofMachine = {
  ca: '/etc/pki/CA/cacert.pem',
  cert: '/etc/pki/libvirt/clientcert.pem',
  key: '/etc/pki/libvirt/private/clientkey.pem',
};

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pki-'));
  await mkdir(join(home, '.pki/libvirt'), { recursive: true });
});

afterEach(() => rm(home, { recursive: true }));

const own = (file: string) => join(home, '.pki/libvirt', file);

it('are in one directory where that is named', async () => {
  expect(await findPlaces('/p', { root: false, home })).toEqual({
    ca: '/p/cacert.pem',
    cert: '/p/clientcert.pem',
    key: '/p/clientkey.pem',
  });
});

it('are the machine’s for root', async () => {
  await writeFile(own('cacert.pem'), '');
  expect(await findPlaces(null, { root: true, home })).toEqual(ofMachine);
});

it('are the user’s own where they exist', async () => {
  expect(await findPlaces(null, { root: false, home })).toEqual(ofMachine);
  await writeFile(own('cacert.pem'), '');
  expect(await findPlaces(null, { root: false, home })).toEqual({ ...ofMachine, ca: own('cacert.pem') });
});

it('are never a certificate of one directory with a key of another', async () => {
  await writeFile(own('clientcert.pem'), '');
  expect(await findPlaces(null, { root: false, home })).toEqual(ofMachine);
  await writeFile(own('clientkey.pem'), '');
  expect(await findPlaces(null, { root: false, home })).toEqual({
    ca: ofMachine.ca,
    cert: own('clientcert.pem'),
    key: own('clientkey.pem'),
  });
});

it('that are missing are named', async () => {
  await expect(readCredentials(await findPlaces(home))).rejects.toMatchObject({
    code: 'CONNECT_FAILED',
    message: expect.stringMatching(/cacert\.pem.*pkipath/),
  });
});
