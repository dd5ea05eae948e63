import { z } from 'zod';

export const hostId = z.string().min(1).max(64);

export const guestRef = z.strictObject({ hostId, uuid: z.uuid() });

const target = z.string().regex(/^[a-z0-9]{1,32}$/i);

export const diskRef = z.strictObject({ hostId, uuid: z.uuid(), target });

/** What names an image within its host. */
const image = z.string().min(1).max(4096);
/** A path as it was typed, perhaps nothing yet: what is wrong with it, the plan says. */
const path = z.string().trim().max(4096);
const placed = z.strictObject({ target, file: path.nullable() });
const snapshotName = z.string().trim().max(1000);
const newSnapshot = z.strictObject({ name: snapshotName, file: path.nullable() });

export const snapshotFields = z.strictObject({
  name: snapshotName,
  description: z.string().trim().max(2000),
  quiesce: z.boolean(),
  disks: z.array(placed).min(1).max(64).readonly(),
});

export const recordNames = z.array(z.string().min(1).max(1000)).min(1).max(1000).readonly();

export const wanted = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('above'), base: image }),
  z.strictObject({ kind: z.literal('at-most'), images: z.number().int().min(1).max(1000) }),
  z.strictObject({ kind: z.literal('only'), image }),
]);

export const imageKeys = z.array(image).max(1000).readonly();

export const intent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('flatten'),
    target,
    base: image.nullable(),
    snapshotFirst: newSnapshot.nullable(),
    forgetAfter: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('merge-down'),
    target,
    top: image,
    base: image,
    forgetAfter: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('shorten'),
    target,
    wanted,
    strategy: z.enum(['merge-down', 'cheapest']),
    pinned: imageKeys,
    forgetAfter: z.boolean(),
  }),
  snapshotFields.extend({ kind: z.literal('snapshot') }),
  z.strictObject({ kind: z.literal('forget'), names: recordNames }),
  z.strictObject({ kind: z.literal('move'), target, file: path, strategy: z.enum(['copy', 'pull']) }),
  z.strictObject({
    kind: z.literal('migrate'),
    to: hostId,
    disks: z
      .array(placed.extend({ from: path.nullish() }))
      .max(64)
      .readonly(),
    pull: z.boolean(),
    forgetFirst: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('end-job'), target, how: z.enum(['pivot', 'abort']) }),
  z.strictObject({ kind: z.literal('redefine'), target }),
  z.strictObject({
    kind: z.literal('rewrite-header'),
    target,
    image,
    backing: path,
    format: z.enum(['qcow2', 'raw']),
    changes: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('repair-leaks'), target, image }),
  z.strictObject({ kind: z.literal('resume') }),
]);

/** Bytes per second, 0 for no limit; libvirt's own upper end is higher than any disk's. */
export const bandwidth = z
  .number()
  .int()
  .min(0)
  .max(2 ** 50);

export const hostUri = z.string().trim().min(5).max(1024);
