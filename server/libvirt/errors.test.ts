import { describe, expect, it } from 'vitest';
import {
  asLibvirtError,
  isConnectionLost,
  isInvalidArgument,
  isNoDomain,
  isNoSnapshot,
  isNoStoragePool,
  isNoStorageVolume,
  isOperationInvalid,
  LibvirtError,
  remoteError,
} from './errors.ts';

describe('an error of the daemon', () => {
  it('is named as libvirt names it', () => {
    expect(remoteError(55, 10, 'domain is not running')).toMatchObject({
      code: 'LIBVIRT_OPERATION_INVALID',
      libvirtCode: 55,
      libvirtDomain: 10,
      message: 'domain is not running',
    });
  });

  it('of a newer libvirt goes by its number', () => {
    expect(remoteError(9999, 0, null)).toMatchObject({
      code: 'LIBVIRT_9999',
      message: expect.stringContaining('9999'),
    });
  });
});

describe('predicates', () => {
  it.each([
    ['isNoDomain', isNoDomain, 42],
    ['isNoSnapshot', isNoSnapshot, 72],
    ['isNoStoragePool', isNoStoragePool, 49],
    ['isNoStorageVolume', isNoStorageVolume, 50],
    ['isInvalidArgument', isInvalidArgument, 8],
    ['isOperationInvalid', isOperationInvalid, 55],
  ])('%s recognises its number', (_, predicate, number) => {
    expect(predicate(remoteError(number, 10, 'text'))).toBe(true);
    expect(predicate(remoteError(1, 10, 'text'))).toBe(false);
    expect(predicate(new LibvirtError('CONNECTION_LOST', 'text'))).toBe(false);
    expect(predicate(new Error('text'))).toBe(false);
  });

  it('isConnectionLost is true for every end of a connection, and for nothing else', () => {
    for (const code of [
      'CONNECTION_LOST',
      'CONNECTION_CLOSED',
      'KEEPALIVE_TIMEOUT',
      'FRAME_TOO_LARGE',
    ] as const) {
      expect(isConnectionLost(new LibvirtError(code, 'text'))).toBe(true);
    }
    expect(isConnectionLost(new LibvirtError('ABORTED', 'text'))).toBe(false);
    expect(isConnectionLost(remoteError(38, 7, 'text'))).toBe(false);
  });
});

describe('any thrown value', () => {
  it('becomes one, with its cause', () => {
    const cause = new Error('EPIPE');
    const error = asLibvirtError(cause, 'CONNECTION_LOST', 'The connection broke');
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', message: 'The connection broke: EPIPE', cause });
  });

  it('that is one already is returned', () => {
    const error = remoteError(1, 0, 'text');
    expect(asLibvirtError(error, 'CONNECTION_LOST', 'x')).toBe(error);
  });
});
