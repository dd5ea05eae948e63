/** mulberry32: small, fast, and the same everywhere for one seed. Numbers are in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Random = () => number;

export const below = (random: Random, limit: number) => Math.floor(random() * limit);

export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Limits of lengths, counts and booleans, and their neighbours. */
const edges = [
  0,
  1,
  2,
  3,
  27,
  28,
  0xff,
  16_384,
  16_385,
  2 ** 22,
  2 ** 22 + 1,
  2 ** 25 + 4,
  2 ** 25 + 5,
  2 ** 31,
  2 ** 32 - 1,
];

/** The bytes after one to four changes of the kinds that a broken or hostile peer makes. */
export function mutate(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let changes = 1 + below(random, 4); changes > 0; changes--) {
    mutated = change(random, mutated, others);
  }
  // Otherwise most changes of size would fail at the length word; half of them get the right length.
  if (mutated.length >= 28 && random() < 0.5) mutated.writeUInt32BE(mutated.length);
  return mutated;
}

function change(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  const at = below(random, bytes.length + 1);
  const word = at - (at % 4);
  switch (below(random, 6)) {
    case 0:
      if (at < bytes.length) bytes[at] = below(random, 256);
      return bytes;
    case 1:
      if (word + 4 <= bytes.length) bytes.writeUInt32BE(pick(random, edges), word);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(below(random, 9), random() < 0.5 ? 0 : 255),
        bytes.subarray(at),
      ]);
    case 4:
      return Buffer.concat([bytes.subarray(0, word), bytes.subarray(below(random, bytes.length + 1))]);
    default: {
      const other = pick(random, others);
      return Buffer.concat([bytes.subarray(0, word), other.subarray(below(random, other.length + 1))]);
    }
  }
}
