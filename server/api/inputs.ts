import { z } from 'zod';
import type { Intent, IntentOf } from '../../model/kinds/kinds.ts';

export const hostId = z.string().min(1).max(64);

export const guestRef = z.strictObject({ hostId, uuid: z.uuid() });

const target = z.string().regex(/^[a-z0-9]{1,32}$/i);

export const diskRef = z.strictObject({ hostId, uuid: z.uuid(), target });

/** The key of an image. */
const image = z.string().min(1).max(4096);
/** A path as it was typed, possibly empty. The plan says what is wrong with it. */
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

export const goal = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('above'), base: image }),
  z.strictObject({ kind: z.literal('at-most'), images: z.number().int().min(1).max(1000) }),
  z.strictObject({ kind: z.literal('only'), image }),
]);

export const imageKeys = z.array(image).max(1000).readonly();

/** What a client may send for each kind of intent. A kind without a schema, or with another one than its type, does not compile. */
const INTENTS = {
  flatten: z.strictObject({
    kind: z.literal('flatten'),
    target,
    base: image.nullable(),
    snapshotFirst: newSnapshot.nullable(),
    forgetAfter: z.boolean(),
  }),
  'merge-down': z.strictObject({
    kind: z.literal('merge-down'),
    target,
    top: image,
    base: image,
    forgetAfter: z.boolean(),
  }),
  shorten: z.strictObject({
    kind: z.literal('shorten'),
    target,
    goal,
    strategy: z.enum(['merge-down', 'cheapest']),
    pinned: imageKeys,
    forgetAfter: z.boolean(),
  }),
  snapshot: snapshotFields.extend({ kind: z.literal('snapshot') }),
  forget: z.strictObject({ kind: z.literal('forget'), names: recordNames }),
  'delete-snapshot': z.strictObject({
    kind: z.literal('delete-snapshot'),
    name: z.string().min(1).max(1000),
  }),
  revert: z.strictObject({
    kind: z.literal('revert'),
    name: z.string().min(1).max(1000),
    keepAs: snapshotName.nullable(),
  }),
  undo: z.strictObject({ kind: z.literal('undo'), target, of: z.uuid() }),
  move: z.strictObject({ kind: z.literal('move'), target, file: path, strategy: z.enum(['copy', 'pull']) }),
  migrate: z.strictObject({
    kind: z.literal('migrate'),
    to: hostId,
    disks: z
      .array(placed.extend({ from: path.nullish() }))
      .max(64)
      .readonly(),
    pull: z.boolean(),
    forgetFirst: z.boolean(),
  }),
  'end-job': z.strictObject({ kind: z.literal('end-job'), target, how: z.enum(['pivot', 'abort']) }),
  redefine: z.strictObject({ kind: z.literal('redefine'), target }),
  'rewrite-header': z.strictObject({
    kind: z.literal('rewrite-header'),
    target,
    image,
    backing: path,
    format: z.enum(['qcow2', 'raw']),
    contentMayChange: z.boolean(),
  }),
  'repair-leaks': z.strictObject({ kind: z.literal('repair-leaks'), target, image }),
  resume: z.strictObject({ kind: z.literal('resume') }),
} satisfies { readonly [Kind in Intent['kind']]: z.ZodType<IntentOf<Kind>> };

const { flatten, ...others } = INTENTS;

export const intent = z.discriminatedUnion('kind', [flatten, ...Object.values(others)]);

/** Bytes per second, 0 for no limit; libvirt's own upper end is higher than any disk's. */
export const bandwidth = z
  .number()
  .int()
  .min(0)
  .max(2 ** 50);

export const hostUri = z.string().trim().min(5).max(1024);
