import { stat } from 'node:fs/promises';
import type { Disk } from '../../../model/fleet/disk.ts';
import { imageKey } from '../../../model/fleet/image.ts';
import type { AsideImage, RevertBasis } from '../../../model/fleet/revert-basis.ts';
import { problem } from '../../../model/problem.ts';
import { type FollowedChain, followFile } from '../images/file-chain.ts';
import { followVolumes } from '../images/volume-chain.ts';
import type { DefinedImage } from '../xml/domain-xml.ts';
import { imageOf, resolved } from './disk-loader.ts';
import type { Snapshots } from './snapshot-loader.ts';
import type { Source } from './source.ts';

/**
 * What a revert goes by; `null` where libvirt can't revert to external snapshots. Throws libvirt's error.
 * @param disks of the guest, with the chains that they have now
 */
export async function revertBasisOf(
  source: Source,
  { current, images }: Snapshots,
  disks: readonly Disk[],
): Promise<RevertBasis | null> {
  if (!source.capabilities.revertsExternalSnapshots) return null;
  const chains = disks.flatMap(({ chain }) => chain ?? []);
  const known = new Set(chains.flatMap((chain) => chain.images.map(({ key }) => key)));
  const aside = new Map<string, AsideImage>();
  // One after the other, since what an image leads to is mostly what the one before it led to.
  for (const image of images) {
    for (const one of await followed(source, image, (key) => known.has(key) || aside.has(key))) {
      aside.set(one.key, one);
    }
  }
  const below = images.length === 0 ? [] : chains.flatMap((chain) => chain.images.slice(1));
  const written = source.local ? await writtenAt([...below, ...aside.values()].map(({ key }) => key)) : {};
  return { current, aside: [...aside.values()], writtenAt: written };
}

/** From an image down to where its chain is known already. */
async function followed(
  source: Source,
  named: DefinedImage,
  isKnown: (key: string) => boolean,
): Promise<readonly AsideImage[]> {
  const image = await resolved(source, named);
  if (isKnown(imageKey(image.source))) return [];
  const { images, problem: stopped } = await chainOf(source, image);
  const found: AsideImage[] = [];
  for (const [i, one] of images.entries()) {
    if (isKnown(imageKey(one.source))) break;
    const next = images[i + 1];
    const read = await imageOf(source, one);
    const isSeen = source.local || read.allocated !== null || one.source.kind === 'network';
    found.push({
      ...read,
      backing: next === undefined ? null : imageKey(next.source),
      problem:
        next !== undefined
          ? null
          : (stopped ?? (isSeen ? null : problem('NOT_IN_POOL', { image: read.key }))),
    });
  }
  return found;
}

async function chainOf({ connection, local }: Source, image: DefinedImage): Promise<FollowedChain> {
  if (image.source.kind === 'network') return { images: [image], problem: null };
  const { path } = image.source;
  if (path === null) {
    return { images: [image], problem: problem('VOLUME_UNKNOWN', { volume: imageKey(image.source) }) };
  }
  const { images, problem: stopped } =
    local && image.format !== null
      ? await followFile(path, image.format)
      : await followVolumes(connection, path, image.format);
  return { images: [image, ...images.slice(1)], problem: stopped };
}

/** The last write to each of these files of this machine, milliseconds since 1970; what can't be read is left out. */
export async function writtenAt(paths: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const times = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      try {
        return [[path, Math.floor((await stat(path)).mtimeMs)] as const];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(times.flat());
}
