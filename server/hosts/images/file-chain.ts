import type { ImageSource } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { DefinedImage } from '../xml/domain-xml.ts';
import { type PlainChain, plainChain } from './header-chain.ts';
import { type ImageInfo, imageOf, imagesOf, QemuImgError } from './qemu-img.ts';

/** A chain as far as it could be followed, and why no further. */
export interface FollowedChain {
  readonly images: readonly DefinedImage[];
  readonly problem: Problem | null;
}

/**
 * The chain from a file of this machine down, for a guest that is shut off: its XML has only a part of the chain.
 * The chain ends with an image that is missing or can't be read.
 */
export async function followFile(path: string, format: string): Promise<FollowedChain> {
  const plain = await plainChain(path, format);
  if (plain !== null) return fromHeaders(plain);
  try {
    return { images: (await imagesOf(path, format)).map(toImage), problem: null };
  } catch (error) {
    if (!(error instanceof QemuImgError)) throw error;
    return error.code === 'not-installed' ? stopped([named(path, format)], error) : hopByHop(path, format);
  }
}

function fromHeaders({ images, end }: PlainChain): FollowedChain {
  const last = { image: images.at(-1)?.path ?? '' };
  const problems = {
    base: null,
    missing: problem('IMAGE_MISSING', last),
    denied: problem('PERMISSION_DENIED', last),
  };
  return { images: images.map(({ path, format }) => named(path, format)), problem: problems[end] };
}

/** `qemu-img` refuses a whole chain for one bad image; one by one, the good ones above it can be read. */
async function hopByHop(path: string, format: string): Promise<FollowedChain> {
  const images: DefinedImage[] = [];
  let next: { path: string; format: string | null } | null = { path, format };
  while (next !== null) {
    const { path: at, format: as } = next;
    if (images.some(({ source }) => source.kind === 'file' && source.path === at)) {
      return { images, problem: problem('CHAIN_LOOPS', { image: at }) };
    }
    try {
      const found: ImageInfo = await imageOf(at, as);
      images.push(toImage(found));
      next = found.backing === null ? null : { path: found.backing, format: found.backingFormat };
    } catch (error) {
      if (!(error instanceof QemuImgError)) throw error;
      return stopped([...images, named(at, as)], error);
    }
  }
  return { images, problem: null };
}

function stopped(images: readonly DefinedImage[], error: QemuImgError): FollowedChain {
  switch (error.code) {
    case 'missing':
      return { images, problem: problem('IMAGE_MISSING', { image: error.path }) };
    case 'denied':
      return { images, problem: problem('PERMISSION_DENIED', { image: error.path }) };
    default:
      return { images, problem: problem('CHAIN_UNREADABLE', { reason: error.message }) };
  }
}

function toImage(info: ImageInfo): DefinedImage {
  return named(info.filename, info.format);
}

function named(name: string, format: string | null): DefinedImage {
  return { source: sourceOf(name), format, index: null };
}

/** QEMU's names: a path, `json:{…}` or a URL such as `nbd+unix:///?socket=…`. */
function sourceOf(name: string): ImageSource {
  if (name.startsWith('json:')) return fromJson(name);
  const url = /^([a-z][a-z0-9+]*):(?!\/[^/])/.exec(name);
  if (url?.[1] === undefined || name.startsWith('/')) return { kind: 'file', path: name };
  return { kind: 'network', protocol: url[1].replace(/\+.*/, ''), name: name.slice(url[0].length) };
}

function fromJson(name: string): ImageSource {
  const path = /"filename"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(name)?.[1];
  if (path !== undefined) return { kind: 'file', path: String(JSON.parse(path)) };
  return { kind: 'network', protocol: 'json', name: name.slice('json:'.length) };
}
