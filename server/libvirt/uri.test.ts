import { describe, expect, it } from 'vitest';
import { parseUri } from './uri.ts';

const code = (uri: string) => {
  try {
    parseUri(uri);
  } catch (error) {
    return error;
  }
  return null;
};

describe('a unix socket', () => {
  it.each([
    ['qemu:///system', { scope: 'system', socket: null }],
    ['qemu:///session', { scope: 'session', socket: null }],
    ['qemu+unix:///system', { scope: 'system', socket: null }],
    ['qemu:///session?socket=/run/x/libvirt-sock', { scope: 'session', socket: '/run/x/libvirt-sock' }],
    ['qemu+unix:///system?socket=/a%20b+c/s%26', { scope: 'system', socket: '/a b+c/s&' }],
  ])('%s', (uri, rest) => {
    expect(parseUri(uri)).toEqual({ transport: 'unix', name: `qemu:///${rest.scope}`, ...rest });
  });

  it('may name another driver of the daemon', () => {
    expect(parseUri('qemu:///system?name=qemu:///embed')).toMatchObject({ name: 'qemu:///embed' });
  });
});

describe('ssh', () => {
  const plain = {
    transport: 'ssh',
    name: 'qemu:///system',
    scope: 'system',
    host: 'node1.example',
    port: null,
    user: null,
    socket: null,
    keyfile: null,
    proxy: 'auto',
    netcat: 'nc',
  };

  it.each([
    ['qemu+ssh://node1.example/system', {}],
    ['qemu+ssh://root@node1.example:2222/system', { user: 'root', port: 2222 }],
    ['qemu+ssh://a%40b@node1.example/session', { user: 'a@b', name: 'qemu:///session', scope: 'session' }],
    ['qemu+ssh://[fe80::1]/system', { host: 'fe80::1' }],
    [
      'qemu+ssh://node1.example/system?keyfile=/k&socket=/s&proxy=netcat&netcat=/usr/bin/ncat',
      { keyfile: '/k', socket: '/s', proxy: 'netcat', netcat: '/usr/bin/ncat' },
    ],
  ])('%s', (uri, rest) => {
    expect(parseUri(uri)).toEqual({ ...plain, ...rest });
  });
});

describe('TLS', () => {
  const plain = { transport: 'tls', name: 'qemu:///system', scope: 'system', port: 16_514, pkipath: null };

  it.each([
    ['qemu+tls://node1/system', { host: 'node1' }],
    ['qemu://node1/system', { host: 'node1' }],
    ['qemu+tls://127.0.0.1:16999/system?pkipath=/p', { host: '127.0.0.1', port: 16_999, pkipath: '/p' }],
  ])('%s', (uri, rest) => {
    expect(parseUri(uri)).toEqual({ ...plain, ...rest });
  });
});

describe('refused as malformed', () => {
  it.each([
    ['', /write qemu:/],
    ['/run/libvirt/libvirt-sock', /write qemu:/],
    ['xen:///system', /write qemu:/],
    ['qemu:///', /\/system or \/session/],
    ['qemu:///system/x', /\/system or \/session/],
    ['qemu:///system\n', /write qemu:/],
    ['qemu+unix://host/system', /no host/],
    ['qemu+ssh:///system', /needs a host/],
    ['qemu+tls:///system', /needs a host/],
    ['qemu+ssh://-oProxyCommand=x/system', /no host name/],
    ['qemu+ssh://a b/system', /no host name/],
    ['qemu+ssh://-l@host/system', /hyphen/],
    ['qemu+ssh://%0A@host/system', /control/],
    ['qemu+ssh://@host/system', /empty/],
    ['qemu+ssh://host:0/system', /port/],
    ['qemu+ssh://host:99999/system', /port/],
    ['qemu+ssh://host:ssh/system', /user@host:port/],
    ['qemu+tls://me@host/system', /certificates/],
    ['qemu:///system?socket=relative', /absolute path/],
    ['qemu:///system?socket=', /empty/],
    ['qemu:///system?socket=/a&socket=/b', /twice/],
    ['qemu:///system?socket=%2', /%25/],
    ['qemu+ssh://host/system?proxy=magic', /auto, native, netcat/],
  ])('%j', (uri, text) => {
    expect(code(uri)).toMatchObject({ code: 'URI_INVALID', message: expect.stringMatching(text) });
  });
});

describe('refused as not supported', () => {
  it.each([
    ['qemu+tcp://host/system', /use unix, ssh or tls/],
    ['qemu+ext:///system?command=/bin/x', /use unix, ssh or tls/],
    ['qemu+ssh://host/system?command=/bin/x', /"command"/],
    ['qemu+tls://host/system?no_verify=1', /always checked/],
    ['qemu:///system?keyfile=/k', /"keyfile"/],
    ['qemu:///system?scoket=/s', /"scoket"/],
  ])('%s', (uri, text) => {
    expect(code(uri)).toMatchObject({ code: 'URI_UNSUPPORTED', message: expect.stringMatching(text) });
  });
});
