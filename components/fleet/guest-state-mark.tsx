import type { Guest, GuestState } from '../../model/fleet/guest.ts';
import { Dot, type DotProps } from '../ui/dot.tsx';

const DOTS: Readonly<Record<GuestState, DotProps>> = {
  running: { shape: 'circle', tone: 'ok' },
  paused: { shape: 'square', tone: 'warn' },
  suspended: { shape: 'ring', tone: 'warn' },
  shutoff: { shape: 'ring', tone: 'rest' },
  crashed: { shape: 'diamond', tone: 'bad' },
  unknown: { shape: 'dashed', tone: 'rest' },
};

const STOPPED: DotProps = { shape: 'square', tone: 'bad' };

/** The state of a guest as a shape: a full circle runs, a square is paused, by QEMU in red, a ring is off, a diamond crashed. */
export function GuestStateMark({ guest: { state, ioError } }: { guest: Pick<Guest, 'state' | 'ioError'> }) {
  return <Dot {...(ioError === null ? DOTS[state] : STOPPED)} />;
}
