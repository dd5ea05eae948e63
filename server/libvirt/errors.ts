import { ErrorNumber } from './constants/error-number.ts';

/** Codes of the client's own errors. Errors of the daemon are `LIBVIRT_` and libvirt's name of the number. */
export type ClientErrorCode =
  | 'ABORTED'
  | 'AUTH_FAILED'
  | 'AUTH_UNSUPPORTED'
  | 'BAD_ARGUMENT'
  | 'CONNECTION_CLOSED'
  | 'CONNECTION_LOST'
  | 'CONNECT_FAILED'
  | 'EVENTS_OVERFLOW'
  | 'FRAME_TOO_LARGE'
  | 'FRAME_TOO_SMALL'
  | 'KEEPALIVE_TIMEOUT'
  | 'MALFORMED_BODY'
  | 'PROTOCOL_ERROR'
  | 'URI_INVALID'
  | 'URI_UNSUPPORTED';

export type LibvirtErrorCode = ClientErrorCode | `LIBVIRT_${string}`;

interface Details {
  cause?: unknown;
  /** virErrorNumber, where the daemon reported the error. */
  libvirtCode?: number;
  /** virErrorDomain: the part of libvirt that raised it. */
  libvirtDomain?: number;
}

/** Every error this client throws. `code` is for programs, `message` for people. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  readonly code: LibvirtErrorCode;
  /** virErrorNumber of an error reported by the daemon, else null. */
  readonly libvirtCode: number | null;
  /** virErrorDomain of an error reported by the daemon, else null. */
  readonly libvirtDomain: number | null;

  constructor(code: LibvirtErrorCode, message: string, details: Details = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.libvirtCode = details.libvirtCode ?? null;
    this.libvirtDomain = details.libvirtDomain ?? null;
  }
}

const names = new Map<number, string>(Object.entries(ErrorNumber).map(([name, number]) => [number, name]));

/** The error that a daemon reported. A number of a newer libvirt, which the table lacks, is its own name. */
export function remoteError(number: number, domain: number, message: string | null): LibvirtError {
  const name = names.get(number) ?? String(number);
  const text = message ?? `libvirt reported error ${number} (${name}) without a text`;
  return new LibvirtError(`LIBVIRT_${name}`, text, { libvirtCode: number, libvirtDomain: domain });
}

/** Any thrown value as a `LibvirtError`; one that is such an error already is returned. */
export function asLibvirtError(error: unknown, code: ClientErrorCode, what: string): LibvirtError {
  if (error instanceof LibvirtError) return error;
  return new LibvirtError(code, `${what}: ${reasonOf(error)}`, { cause: error });
}

/** The text of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const reported = (...numbers: number[]) => {
  return (error: unknown): error is LibvirtError =>
    error instanceof LibvirtError && error.libvirtCode !== null && numbers.includes(error.libvirtCode);
};

const raised = (...codes: ClientErrorCode[]) => {
  return (error: unknown): error is LibvirtError =>
    error instanceof LibvirtError && codes.some((code) => code === error.code);
};

/** An error that libvirt has no number for, such as a storage pool that is busy with another call. */
export const isInternal = reported(ErrorNumber.INTERNAL_ERROR);
export const isNoDomain = reported(ErrorNumber.NO_DOMAIN);
export const isNoSnapshot = reported(ErrorNumber.NO_DOMAIN_SNAPSHOT);
export const isNoCheckpoint = reported(ErrorNumber.NO_DOMAIN_CHECKPOINT);
export const isNoStoragePool = reported(ErrorNumber.NO_STORAGE_POOL);
export const isNoStorageVolume = reported(ErrorNumber.NO_STORAGE_VOL);
/** A volume, or another file, already has the path of a new one. */
export const isStorageVolumeThere = reported(ErrorNumber.STORAGE_VOL_EXIST);
export const isInvalidArgument = reported(ErrorNumber.INVALID_ARG);
export const isOperationInvalid = reported(ErrorNumber.OPERATION_INVALID);

/** The connection is gone, for whatever reason. Whether the call took effect is unknown: read the guest again. */
export const isConnectionLost = raised(
  'CONNECTION_LOST',
  'CONNECTION_CLOSED',
  'KEEPALIVE_TIMEOUT',
  'PROTOCOL_ERROR',
  'FRAME_TOO_LARGE',
  'FRAME_TOO_SMALL',
);
/** No connection could be made: nothing listens there, or the transport refused. */
export const isConnectFailed = raised('CONNECT_FAILED');
export const isAborted = raised('ABORTED');
