import type { GuestRef } from '../fleet/disk.ts';
import type { Guest } from '../fleet/guest.ts';
import type { Host } from '../fleet/host.ts';
import type { Operation, Progress } from './operation.ts';

/** What the server tells every browser. */
export type StreamEvent =
  /** The first of every connection. A browser that holds another revision reads the fleet anew. */
  | { readonly kind: 'hello'; readonly revision: string }
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'host-removed'; readonly hostId: string }
  | { readonly kind: 'guest'; readonly guest: Guest }
  | { readonly kind: 'guest-gone'; readonly guest: GuestRef }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'progress'; readonly progress: Progress };
