import type { GuestRef } from '../../model/fleet/disk.ts';
import type { HostIntent, Intent } from '../../model/kinds/kinds.ts';
import type { OnFull } from '../../model/operation/pause.ts';

/** What somebody asks to be started. */
export type StartRequest = GuestStartRequest | HostStartRequest;

export interface GuestStartRequest extends Start {
  readonly guest: GuestRef;
  readonly intent: Intent;
}

/** About a host and none of its guests. */
export interface HostStartRequest extends Start {
  readonly hostId: string;
  readonly intent: HostIntent;
}

interface Start {
  /** Of the plan that the operator saw: where things have changed since, nothing is started. */
  readonly fingerprint: string;
  /** What was typed to confirm a loss; default empty. */
  readonly confirmed?: string | undefined;
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  /** Default `pause`. */
  readonly onFull?: OnFull | undefined;
  readonly actor: string;
}
