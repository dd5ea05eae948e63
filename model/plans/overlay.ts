import { activeOf, type Chain } from '../fleet/chain.ts';
import { EMPTY_IMAGE } from '../fleet/destination.ts';
import { type Image, type ImageTraits, UNKNOWN_TRAITS } from '../fleet/image.ts';

/** The chain after a snapshot: its active image is frozen under a new one at this path. */
export function overlaid(chain: Chain, file: string): Chain {
  const overlay: Image = {
    key: file,
    source: { kind: 'file', path: file },
    format: 'qcow2',
    index: null,
    virtualSize: activeOf(chain)?.virtualSize ?? null,
    allocated: EMPTY_IMAGE,
    missing: false,
    traits: overlayTraits(activeOf(chain)),
  };
  return { images: [overlay, ...chain.images] };
}

/**
 * libvirt gives an overlay the cluster size and the subclusters of its backing qcow2 image (tried with libvirt
 * 9.0). That decides whether a pull into it is safe.
 */
function overlayTraits(active: Image | null): ImageTraits {
  const { clusterSize, extendedL2 } = active?.traits ?? UNKNOWN_TRAITS;
  return { ...UNKNOWN_TRAITS, known: true, clusterSize: clusterSize ?? 65536, extendedL2 };
}

/**
 * The default path of an overlay: beside the active image, named after it and the snapshot as libvirt would name
 * it, with the usual ending of a qcow2 image. `null` if the active image is no file.
 */
export function overlayFile(chain: Chain, snapshot: string): string | null {
  const [active = null, ...below] = chain.images.map(pathOf);
  return active === null ? null : `${stemOf(active, below, snapshot)}.${snapshot}.qcow2`;
}

function pathOf({ source }: Image): string | null {
  return source.kind === 'file' || source.kind === 'volume' ? source.path : null;
}

/**
 * The path without its endings: the ending of an image, and the name of an earlier snapshot. Otherwise names would
 * grow with each snapshot.
 */
function stemOf(path: string, below: readonly (string | null)[], snapshot: string): string {
  const name = path.replace(IMAGE_ENDING, '');
  const stem = withoutEnding(name);
  const isOverlay =
    name === path ||
    below.some((one) => one !== null && withoutEnding(one) === stem) ||
    seriesOf(name.slice(stem.length + 1)) === seriesOf(snapshot);
  return isOverlay ? stem : name;
}

const IMAGE_ENDING = /\.(?:qcow2|raw|img)$/i;

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

/** The common part of the names of numbered snapshots. */
function seriesOf(snapshot: string): string {
  return snapshot.replace(/\d+$/, '');
}
