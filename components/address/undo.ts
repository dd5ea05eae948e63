import type { GuestRef } from '../../model/fleet/disk.ts';
import type { Undo } from '../../model/operation/undo.ts';
import { guestAddress } from './guest.ts';
import { withParams } from './params.ts';

/** The form in which an operation is undone: a form of its own for a flatten, and for a move the one of a move. */
export function undoAddress(
  guest: GuestRef,
  of: string,
  undo: Exclude<Undo, { readonly kind: 'none' }>,
): string {
  const empty = new URLSearchParams();
  return undo.kind === 'flatten'
    ? guestAddress(guest, undo.past.target) + withParams(empty, { do: 'undo', of })
    : guestAddress(guest, undo.target) + withParams(empty, { do: 'move', file: undo.file });
}
