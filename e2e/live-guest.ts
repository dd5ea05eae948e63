import { stat } from 'node:fs/promises';
import { hostOf, type Lab, type LabGuest } from '../lab/lab.ts';
import { liveChains } from '../lab/live-chain.ts';
import { virsh } from '../lab/virsh.ts';

/** Paths of a disk's images from active to base, as `virsh dumpxml` shows them now: the dashboard is not asked. */
export async function chainOf(lab: Lab, guest: LabGuest, target = 'vda'): Promise<readonly string[]> {
  const disk = (await liveChains(lab, guest)).find((one) => one.target === target);
  return disk?.images ?? [];
}

/** Bytes that files take on their file system, together. */
export async function allocated(...paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path)));
  return found.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}

/** The last part of a path: what the dashboard calls an image. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What libvirt says of a disk's block job: null where there is none. Bandwidth in bytes per second. */
export async function jobOn(
  lab: Lab,
  guest: LabGuest,
  target = 'vda',
): Promise<{ bandwidth: number } | null> {
  const host = hostOf(lab, guest.host);
  const said = await virsh(host, 'blockjob', guest.uuid, target, '--info', '--raw', '--bytes');
  const [, bandwidth] = /bandwidth=(\d+)/.exec(said) ?? [];
  return bandwidth === undefined ? null : { bandwidth: Number(bandwidth) };
}
