import { isIP } from 'node:net';
import { LibvirtError } from './errors.ts';

/** Whose daemon: the machine's or the user's own. */
export type Scope = 'system' | 'session';

interface Common {
  /** The URI that the daemon opens: without transport, host and parameters. */
  readonly name: string;
  readonly scope: Scope;
}

export interface UnixTarget extends Common {
  readonly transport: 'unix';
  /** Path of the daemon's socket, null for libvirt's usual paths. */
  readonly socket: string | null;
}

export interface SshTarget extends Common {
  readonly transport: 'ssh';
  readonly host: string;
  readonly port: number | null;
  readonly user: string | null;
  /** Path of the daemon's socket on the remote host, null for libvirt's usual paths. */
  readonly socket: string | null;
  /** File of the private key to offer. */
  readonly keyfile: string | null;
  /** `native` is virt-ssh-helper, `netcat` is nc; `auto` takes the helper where it is installed. */
  readonly proxy: 'auto' | 'native' | 'netcat';
  /** The remote program to use as nc. */
  readonly netcat: string;
}

export interface TlsTarget extends Common {
  readonly transport: 'tls';
  readonly host: string;
  readonly port: number;
  /** Directory of cacert.pem, clientcert.pem and clientkey.pem; null for libvirt's usual directories. */
  readonly pkipath: string | null;
}

export type Target = UnixTarget | SshTarget | TlsTarget;

const TLS_PORT = 16514;
const form =
  /^qemu(?:\+(?<transport>[a-z0-9]+))?:\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
const authority = /^(?:(?<user>[^@]*)@)?(?<host>\[[^\]]*\]|[^:@]*)(?::(?<port>\d{1,5}))?$/;
const hostName = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;
const control = /\p{Cc}/u;

/** Parses a libvirt URI. Throws URI_INVALID or URI_UNSUPPORTED, whose text says what to write instead. */
export function parseUri(uri: string): Target {
  const match = form.exec(uri);
  if (match?.groups === undefined || control.test(uri)) {
    throw invalid(uri, 'write qemu:///system, qemu+ssh://user@host/system or qemu+tls://host/system');
  }
  const { transport, authority: where = '', path = '', query = '' } = match.groups;
  const scope = scopeOf(uri, path);
  const { user, host, port } = parseAuthority(uri, where);
  const parameters = new Parameters(uri, query);
  const common = { name: parameters.take('name') ?? `qemu:///${scope}`, scope };
  const target = ((): Target => {
    switch (transport ?? (host === '' ? 'unix' : 'tls')) {
      case 'unix':
        if (where !== '') throw invalid(uri, 'a unix socket has no host; write qemu+unix:///system');
        return { ...common, transport: 'unix', socket: parameters.takePath('socket') };
      case 'ssh':
        return {
          ...common,
          transport: 'ssh',
          host: required(uri, host),
          port,
          user,
          socket: parameters.takePath('socket'),
          keyfile: parameters.takePath('keyfile'),
          proxy: parameters.takeOneOf('proxy', ['auto', 'native', 'netcat']) ?? 'auto',
          netcat: parameters.take('netcat') ?? 'nc',
        };
      case 'tls':
        if (user !== null) throw invalid(uri, 'TLS knows people by their certificates; leave out the user');
        return {
          ...common,
          transport: 'tls',
          host: required(uri, host),
          port: port ?? TLS_PORT,
          pkipath: parameters.takePath('pkipath'),
        };
      default:
        throw unsupported(uri, `the transport "${transport}"; use unix, ssh or tls`);
    }
  })();
  parameters.end();
  return target;
}

function scopeOf(uri: string, path: string): Scope {
  if (path === '/system') return 'system';
  if (path === '/session') return 'session';
  throw invalid(uri, 'its path must be /system or /session');
}

function parseAuthority(uri: string, text: string) {
  const groups = authority.exec(text)?.groups;
  if (groups === undefined) throw invalid(uri, 'write the host as user@host:port');
  const user = groups.user === undefined ? null : decode(uri, groups.user);
  // ssh would take a name that begins with a hyphen for an option.
  if (user !== null && (user === '' || user.startsWith('-') || control.test(user))) {
    throw invalid(uri, 'the user name is empty, begins with a hyphen or has control characters');
  }
  const host = (groups.host ?? '').replace(/^\[(.*)\]$/, '$1');
  if (host !== '' && isIP(host) === 0 && !hostName.test(host)) {
    throw invalid(
      uri,
      `"${host}" is no host name: letters, digits, dots and hyphens, no hyphen at either end`,
    );
  }
  const port = groups.port === undefined ? null : Number(groups.port);
  if (port !== null && (port < 1 || port > 65_535)) throw invalid(uri, 'a port is between 1 and 65535');
  return { user, host, port };
}

function required(uri: string, host: string): string {
  if (host === '') throw invalid(uri, 'this transport needs a host, as in qemu+ssh://host/system');
  return host;
}

/** The parameters of a query. One that is left over is an error: otherwise a misspelt parameter would be ignored. */
class Parameters {
  readonly #uri: string;
  readonly #values = new Map<string, string>();

  constructor(uri: string, query: string) {
    this.#uri = uri;
    for (const pair of query.split(/[&;]/).filter((part) => part !== '')) {
      const [key = '', ...rest] = pair.split('=');
      const name = decode(uri, key);
      if (this.#values.has(name)) throw invalid(uri, `the parameter ${name} is given twice`);
      this.#values.set(name, decode(uri, rest.join('=')));
    }
  }

  take(name: string): string | null {
    const value = this.#values.get(name);
    if (value === undefined) return null;
    this.#values.delete(name);
    if (value === '' || control.test(value)) {
      throw invalid(this.#uri, `the parameter ${name} is empty or has control characters`);
    }
    return value;
  }

  takePath(name: string): string | null {
    const value = this.take(name);
    if (value !== null && !value.startsWith('/')) {
      throw invalid(this.#uri, `the parameter ${name} needs an absolute path`);
    }
    return value;
  }

  takeOneOf<const V extends string>(name: string, allowed: readonly V[]): V | null {
    const value = this.take(name);
    if (value === null) return null;
    const found = allowed.find((other) => other === value);
    if (found === undefined)
      throw invalid(this.#uri, `the parameter ${name} is one of ${allowed.join(', ')}`);
    return found;
  }

  end(): void {
    const [name] = this.#values.keys();
    if (name === undefined) return;
    const advice =
      name === 'no_verify'
        ? 'identities are always checked; for ssh, add the host to known_hosts'
        : 'remove it; what concerns ssh belongs into its configuration file';
    throw unsupported(this.#uri, `the parameter "${name}" for this transport: ${advice}`);
  }
}

function decode(uri: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new LibvirtError(
      'URI_INVALID',
      `"${uri}" has a % that begins no escape; write %25 for a percent sign.`,
      {
        cause,
      },
    );
  }
}

function invalid(uri: string, advice: string): LibvirtError {
  return new LibvirtError('URI_INVALID', `"${uri}" is not a URI of a libvirt host: ${advice}.`);
}

function unsupported(uri: string, what: string): LibvirtError {
  return new LibvirtError('URI_UNSUPPORTED', `"${uri}" asks for ${what}.`);
}
