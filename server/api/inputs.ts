import { z } from 'zod';

export const hostId = z.string().min(1).max(64);

export const guestRef = z.strictObject({ hostId, uuid: z.uuid() });

export const diskRef = z.strictObject({
  hostId,
  uuid: z.uuid(),
  target: z.string().regex(/^[a-z0-9]{1,32}$/i),
});

export const intent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flatten'), base: z.string().min(1).max(4096).nullable() }),
]);

/** Bytes per second, 0 for no limit; libvirt's own upper end is higher than any disk's. */
export const bandwidth = z
  .number()
  .int()
  .min(0)
  .max(2 ** 50);

export const hostUri = z.string().trim().min(5).max(1024);
