import type { Guest } from '../../../model/fleet/guest.ts';
import { type ImageSource, imageKey } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { DomainXmlFlag, domainRef, isNoDomain } from '../../libvirt/index.ts';
import type { Source } from '../fleet/source.ts';
import { followFile } from '../images/file-chain.ts';
import { followVolumes, volumeNamed } from '../images/volume-chain.ts';
import { type DefinedImage, readDomain } from '../xml/domain-xml.ts';

/** A disk as the guest will have it after its next start. */
export interface DefinedChain {
  readonly target: string;
  readonly images: readonly DefinedImage[];
  /** Why there may be more images below. */
  readonly problem: Problem | null;
}

/**
 * The disks of a running guest's persistent definition whose active image is another one than the running guest's; empty for
 * a guest that was deleted meanwhile. A guest that isn't running is shown by its definition anyway.
 */
export async function otherDefinedChains(source: Source, guest: Guest): Promise<readonly DefinedChain[]> {
  const domain = domainRef(guest.uuid, guest.name);
  const xml = await source.connection
    .call('DOMAIN_GET_XML_DESC', { domain, flags: DomainXmlFlag.INACTIVE })
    .catch((error: unknown) => {
      if (isNoDomain(error)) return null;
      throw error;
    });
  if (xml === null) return [];
  const others = readDomain(xml).disks.filter(({ target, images: [top] }) => {
    const live = guest.disks.find((disk) => disk.target === target)?.chain?.images[0];
    return top !== undefined && nameOf(top.source) !== (live && nameOf(live.source));
  });
  return Promise.all(others.map(({ target, images }) => followed(source, target, images)));
}

/** A volume's key by its pool, whether or not its path is known. */
function nameOf(source: ImageSource): string {
  return imageKey(source.kind === 'volume' ? { ...source, path: null } : source);
}

async function followed(
  { connection, local }: Source,
  target: string,
  images: readonly DefinedImage[],
): Promise<DefinedChain> {
  const [top] = images;
  if (top === undefined || top.source.kind === 'network') return { target, images, problem: null };
  const path =
    top.source.kind === 'volume'
      ? ((await volumeNamed(connection, top.source.pool, top.source.volume))?.path ?? null)
      : top.source.path;
  if (path === null)
    return { target, images, problem: problem('VOLUME_UNKNOWN', { volume: imageKey(top.source) }) };
  const below = local
    ? await followFile(path, top.format ?? 'raw')
    : await followVolumes(connection, path, top.format);
  return { target, images: [...images, ...below.images], problem: below.problem };
}
