import type { BlockJob } from '../../../model/fleet/block-job.ts';
import type { Disk } from '../../../model/fleet/disk.ts';
import { type Image, imageKey, traitsByFormat } from '../../../model/fleet/image.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import type { DomainRef } from '../../libvirt/index.ts';
import { followFile } from '../images/file-chain.ts';
import { readLocalImage } from '../images/local-image.ts';
import { followVolumes, type VolumeInfo, volumeAt, volumeNamed } from '../images/volume-chain.ts';
import type { DefinedDisk, DefinedImage } from '../xml/domain-xml.ts';
import { blockJobOf } from './block-job.ts';
import type { Source } from './source.ts';

/** Reads the disks of one guest, with their chains and block jobs. */
export class DiskLoader {
  readonly #source: Source;
  readonly #domain: DomainRef;
  readonly #runs: boolean;
  #lastJob: Promise<BlockJob | null> = Promise.resolve(null);

  constructor(source: Source, domain: DomainRef, runs: boolean) {
    this.#source = source;
    this.#domain = domain;
    this.#runs = runs;
  }

  /** The disk without its job. Throws libvirt's error. */
  async load(disk: DefinedDisk): Promise<Disk> {
    const { target, device, readOnly, discards } = disk;
    const empty = { target, device, readOnly, discards, chain: null, problem: null, job: null };
    if (disk.images.length === 0) return empty;
    const { images, problem: stopped } = await this.#chainOf(disk);
    const chain = await Promise.all(images.map((image) => imageOf(this.#source, image)));
    const gone = chain.find((image) => image.missing);
    return {
      ...empty,
      chain: { images: chain },
      problem: stopped ?? (gone && !this.#runs ? problem('IMAGE_MISSING', { image: gone.key }) : null),
    };
  }

  async #chainOf(disk: DefinedDisk): Promise<{ images: readonly DefinedImage[]; problem: Problem | null }> {
    const [top, ...below] = await Promise.all(disk.images.map((image) => resolved(this.#source, image)));
    if (top === undefined) return { images: [], problem: null };
    if (this.#runs || top.source.kind === 'network') return { images: [top, ...below], problem: null };
    const { path } = top.source;
    if (path === null)
      return { images: [top], problem: problem('VOLUME_UNKNOWN', { volume: imageKey(top.source) }) };
    const followed =
      this.#source.local && top.format !== null
        ? await followFile(path, top.format)
        : await followVolumes(this.#source.connection, path, top.format);
    return { ...followed, images: [top, ...followed.images.slice(1)] };
  }

  /** The disk's job. Disks are read one at a time, so that a guest whose QEMU hangs blocks one call of the connection, not all 4. */
  async jobOf(disk: DefinedDisk): Promise<BlockJob | null> {
    if (!this.#runs || disk.images.length === 0 || disk.device === 'cdrom' || disk.device === 'floppy')
      return null;
    const job = this.#lastJob.then(() => blockJobOf(this.#source.connection, this.#domain, disk.target));
    this.#lastJob = job;
    const found = await job;
    // While the guest writes, QEMU reports work that is left, though the job may pivot.
    return found && { ...found, ready: disk.pivotReady };
  }
}

/** With the path, which a disk of `type='volume'` has not in the XML but in its pool. */
export async function resolved({ connection }: Source, image: DefinedImage): Promise<DefinedImage> {
  const { source } = image;
  if (source.kind !== 'volume') return image;
  const volume = await volumeNamed(connection, source.pool, source.volume);
  return volume === null ? image : { ...image, source: { ...source, path: volume.path } };
}

/** An image with its sizes. Throws libvirt's error. */
export async function imageOf(host: Source, image: DefinedImage): Promise<Image> {
  const { source, format, index } = image;
  const key = imageKey(source);
  const path = source.kind === 'network' ? null : source.path;
  const local =
    host.local && path !== null
      ? await readLocalImage(path, format)
      : { virtualSize: null, allocated: null, missing: false, traits: traitsByFormat(format) };
  const { virtualSize, allocated } = local;
  if (virtualSize !== null && allocated !== null) return { key, source, format, index, ...local };
  const volume = await volumeOf(host, path);
  const writeProtected = local.writeProtected ?? volume?.writeProtected ?? null;
  return {
    key,
    source,
    format,
    index,
    missing: local.missing,
    ...(writeProtected !== null && { writeProtected }),
    traits: local.traits,
    virtualSize: virtualSize ?? volume?.capacity ?? null,
    allocated: allocated ?? volume?.allocated ?? null,
  };
}

/**
 * Elsewhere sizes come from the host's storage pools, never from QEMU: QEMU 7.2.22 died in most pulls during which its block
 * statistics were read over and over (GET_ALL_DOMAIN_STATS with BACKING, November 2026, over files and NBD alike).
 */
async function volumeOf({ connection, local }: Source, path: string | null): Promise<VolumeInfo | null> {
  return path === null || local ? null : volumeAt(connection, path);
}
