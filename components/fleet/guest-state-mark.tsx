import type { Guest, GuestState } from '../../model/fleet/guest.ts';
import { classNames } from '../ui/class-names.ts';

const SHAPES: Readonly<Record<GuestState, string>> = {
  running: 'rounded-full bg-ok',
  paused: 'rounded-[1px] bg-warn',
  suspended: 'rounded-full border-[1.5px] border-warn',
  shutoff: 'rounded-full border-[1.5px] border-line-strong',
  crashed: 'rotate-45 rounded-[1px] bg-bad',
  unknown: 'rounded-[1px] border-[1.5px] border-dashed border-line-strong',
};

/** The state of a guest as a shape: a full circle runs, a square is paused, by QEMU in red, a ring is off, a diamond crashed. */
export function GuestStateMark({ guest: { state, ioError } }: { guest: Pick<Guest, 'state' | 'ioError'> }) {
  const shape = ioError === null ? SHAPES[state] : 'rounded-[1px] bg-bad';
  return <span aria-hidden className={classNames('inline-block size-[7px] shrink-0', shape)} />;
}
