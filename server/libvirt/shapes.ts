import type { Read } from './xdr/codec.ts';
import { optional, struct } from './xdr/composites.ts';
import { fixed, int, string } from './xdr/scalars.ts';

/** Values that many procedures share. `uuid` is 16 bytes; see `formatUuid`. */

export const uuid = fixed(16);

/** A guest. `id` is -1 while it isn't running; the daemon finds it by its UUID alone. See `domainRef`. */
export const domain = struct({ name: string, uuid, id: int });
export type DomainRef = Read<typeof domain>;

export const snapshot = struct({ name: string, domain });
export type SnapshotRef = Read<typeof snapshot>;

export const checkpoint = struct({ name: string, domain });

export const storagePool = struct({ name: string, uuid });
export type StoragePoolRef = Read<typeof storagePool>;

/** `key` is unique among all volumes of the daemon: a file's is its path. */
export const storageVolume = struct({ pool: string, name: string, key: string });
export type StorageVolumeRef = Read<typeof storageVolume>;

const network = struct({ name: string, uuid });

/** The body of a reply whose status is error. */
export const errorBody = struct({
  code: int,
  domain: int,
  message: optional(string),
  level: int,
  guest: optional(domain),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: int,
  int2: int,
  network: optional(network),
});
