import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';

/** Certificates in files with libvirt's names. */
export interface Certificates {
  readonly ca: string;
  readonly serverCert: string;
  readonly serverKey: string;
  /** Folders for `pkipath`: of a client that the daemon accepts, of one whose name it doesn't know, of one of another authority. */
  readonly client: string;
  readonly stranger: string;
  readonly foreigner: string;
  /** The accepted client's name, in the form of `tls_allowed_dn_list`. */
  readonly clientName: string;
}

/** Makes an authority in a folder, with certificates for a daemon on loopback and for clients. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  await mkdir(folder);
  await authority(folder, 'ca');
  await authority(folder, 'other-ca');
  await sign(folder, 'ca', 'server', 'localhost', `${names}\nextendedKeyUsage=serverAuth`);
  const client = 'extendedKeyUsage=clientAuth';
  await sign(folder, 'ca', 'client', 'lab-client', client);
  await sign(folder, 'ca', 'stranger', 'stranger', client);
  await sign(folder, 'other-ca', 'foreigner', 'lab-client', client);
  const at = (name: string) => join(folder, name);
  return {
    ca: at('ca.pem'),
    serverCert: at('server.pem'),
    serverKey: at('server.key'),
    client: await pki(folder, 'client'),
    stranger: await pki(folder, 'stranger'),
    foreigner: await pki(folder, 'foreigner'),
    clientName: 'CN=lab-client',
  };
}

async function authority(folder: string, name: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  const usage = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
  const out = ['-x509', '-days', '2', '-subj', `/CN=${name}`, ...usage, '-out', `${name}.pem`];
  await run('openssl', ['req', ...key, ...out], { cwd: folder });
}

async function sign(
  folder: string,
  ca: string,
  name: string,
  subject: string,
  extensions: string,
): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  await run('openssl', ['req', ...key, '-subj', `/CN=${subject}`, '-out', `${name}.csr`], { cwd: folder });
  await writeFile(
    join(folder, `${name}.ext`),
    `keyUsage=critical,digitalSignature,keyEncipherment\n${extensions}\n`,
  );
  const by = ['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-extfile', `${name}.ext`];
  await run('openssl', ['x509', '-req', '-days', '2', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`], {
    cwd: folder,
  });
}

async function pki(folder: string, name: string): Promise<string> {
  const directory = join(folder, `pki-${name}`);
  await mkdir(directory);
  await cp(join(folder, 'ca.pem'), join(directory, 'cacert.pem'));
  await cp(join(folder, `${name}.pem`), join(directory, 'clientcert.pem'));
  await cp(join(folder, `${name}.key`), join(directory, 'clientkey.pem'));
  return directory;
}
