import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGuest } from '../lab/guest.ts';
import type { DiskSpec, GuestSpec } from '../lab/guest-spec.ts';
import { MiB } from '../lab/image.ts';
import { down, hostOf, type Lab, type LabHost, up } from '../lab/lab.ts';
import { inParallel } from '../lab/parallel.ts';
import type { Bench } from './row.ts';

const AT_ONCE = 4;
const LONGEST_CHAIN = 5;

/** A lab of this row's own, with these guests and no others. */
export async function ownLab({ stack, say }: Bench, guests: readonly GuestSpec[]): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'bc-bench-'));
  stack.defer(async () => {
    await down({ dir });
    await rm(dir, { recursive: true, force: true });
  });
  const lab = await up({ dir, guests: 'none' });
  const began = performance.now();
  lab.guests.push(...(await inParallel(AT_ONCE, guests, (guest) => createGuest(lab, guest))));
  say(`${guests.length} guests (${lab.accelerator}), made in ${seconds(began)} s`);
  return lab;
}

/** The host on which all guests of a benchmark are. */
export function host(lab: Lab): LabHost {
  return hostOf(lab, 'alpha');
}

/** Guests with chains of 1 to 5 images, the first `running` of them running. */
export function smallGuests(count: number, running: number): GuestSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `guest-${String(index).padStart(3, '0')}`;
    const disk = emptyChain(name, 1 + (index % LONGEST_CHAIN));
    return { name, disks: [disk], state: index < running ? 'running' : 'shut off' };
  });
}

/** A disk of empty images. */
function emptyChain(guest: string, images: number): DiskSpec {
  const layers = Array.from({ length: images }, (_, level) => ({ file: `${guest}-${level}.qcow2` }));
  return { size: 64 * MiB, layers };
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
