import { type LayerSpec, MiB } from '../lab/image.ts';

/** A chain that grew as chains do, and how few images are to be left of it. */
export interface ShortenedChain {
  readonly what: string;
  /** Images that are to be left at most. */
  readonly images: number;
  /** Whether another guest is backed by the base. */
  readonly sharedBase: boolean;
  /** The disk of one guest, whose images begin with its name. */
  disk(guest: string): { readonly size: number; readonly layers: readonly LayerSpec[] };
}

/** Bytes for each GiB of the disks that these represent: the shares that are copied stay the same. */
const UNIT = 2 * MiB;
const CLUSTER = 65536;
const SIZE = 200 * UNIT;

interface Piece {
  /** In units. */
  readonly from: number;
  readonly length: number;
  /** How much of it is written, in clusters all over it; all of it where left out. */
  readonly share?: number;
}

/** The chains for which the cheapest strategy is compared with a pull: daily increments, a database, a golden image, a cloud image. */
export const shortenedChains: readonly ShortenedChain[] = [
  ...[1, 2].map((images) => ({
    ...chain('base and 30 daily increments', [
      { from: 0, length: 100 },
      ...daily(30, { from: 0, length: 100, share: 0.008 }),
    ]),
    images,
  })),
  chain('database with a hot area', [
    { from: 0, length: 95 },
    ...daily(12, { from: 40, length: 10, share: 0.5 }),
  ]),
  {
    ...chain('shared golden image, update, dailies', [
      { from: 0, length: 40 },
      { from: 20, length: 15 },
      ...daily(10, { from: 0, length: 60, share: 0.004 }),
    ]),
    images: 2,
    sharedBase: true,
  },
  chain('cloud image, install, dailies', [
    { from: 0, length: 1 },
    { from: 1, length: 40 },
    ...daily(12, { from: 0, length: 60, share: 0.01 }),
  ]),
];

/** The base's first. */
export function fileOf(guest: string, level: number): string {
  return `${guest}-${level}.qcow2`;
}

function daily(days: number, piece: Piece): readonly Piece[] {
  return Array.from({ length: days }, () => piece);
}

function chain(what: string, pieces: readonly Piece[]): ShortenedChain {
  return {
    what,
    images: 1,
    sharedBase: false,
    disk: (guest) => ({
      size: SIZE,
      layers: pieces.map((piece, level) => layer(fileOf(guest, level), level, piece)),
    }),
  };
}

function layer(file: string, level: number, { from, length, share }: Piece): LayerSpec {
  const pattern = 1 + (level % 250);
  if (share === undefined) return { file, writes: [{ pattern, offset: from * UNIT, length: length * UNIT }] };
  const clusters = Math.floor((length * UNIT) / CLUSTER);
  const random = numbers(level);
  const written = new Set<number>();
  while (written.size < clusters * share) written.add(Math.floor(random() * clusters));
  const writes = [...written].map((at) => ({ pattern, offset: from * UNIT + at * CLUSTER, length: CLUSTER }));
  return { file, writes };
}

/** From 0 to 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
