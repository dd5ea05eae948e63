import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LibvirtError, reasonOf } from '../errors.ts';

export interface Credentials {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Places {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const inDirectory = (directory: string): Places => ({
  ca: join(directory, 'cacert.pem'),
  cert: join(directory, 'clientcert.pem'),
  key: join(directory, 'clientkey.pem'),
});

const ofMachine: Places = {
  ca: '/etc/pki/CA/cacert.pem',
  cert: '/etc/pki/libvirt/clientcert.pem',
  key: '/etc/pki/libvirt/private/clientkey.pem',
};

/**
 * Follows libvirt's rule: `pkipath` has all three files; without it an ordinary user's ~/.pki/libvirt comes first, for the
 * authority alone and for certificate and key together; then the machine's directories.
 */
export async function findPlaces(
  pkipath: string | null,
  user: { readonly root: boolean; readonly home: string } = {
    root: process.geteuid?.() === 0,
    home: homedir(),
  },
): Promise<Places> {
  if (pkipath !== null) return inDirectory(pkipath);
  if (user.root) return ofMachine;
  const own = inDirectory(join(user.home, '.pki', 'libvirt'));
  const pair = (await exists(own.cert)) && (await exists(own.key)) ? own : ofMachine;
  return { ca: (await exists(own.ca)) ? own.ca : ofMachine.ca, cert: pair.cert, key: pair.key };
}

export async function readCredentials(places: Places): Promise<Credentials> {
  // One after the other, so that of several missing files the same one is named each time.
  return {
    ca: await read(places.ca, 'the certificate of the authority that signed the daemon’s'),
    cert: await read(places.cert, 'this client’s certificate'),
    key: await read(places.key, 'this client’s key'),
  };
}

async function read(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LibvirtError(
      'CONNECT_FAILED',
      `Can't read ${what} (${reasonOf(cause)}): copy it there, or name its directory with ?pkipath=.`,
      { cause },
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
