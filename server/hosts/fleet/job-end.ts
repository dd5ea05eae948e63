import { z } from 'zod';

const details = z.object({ device: z.string(), error: z.string().optional() });

/**
 * QEMU's reason for a failed job, which is only in QEMU's own event, just before libvirt's. libvirt names the job
 * `pull-vda-…`, `commit-vda-…` or `copy-vda-…`.
 */
export function failureOf(event: {
  event: string;
  details: string | null;
}): { target: string; reason: string } | null {
  if (event.event !== 'BLOCK_JOB_COMPLETED' || event.details === null) return null;
  const parsed = details.safeParse(JSON.parse(event.details));
  if (!parsed.success || parsed.data.error === undefined) return null;
  const target = /^(?:pull|commit|copy|backup)-([^-]+)-/.exec(parsed.data.device)?.[1];
  return target === undefined ? null : { target, reason: parsed.data.error };
}

const change = z.object({ status: z.string(), id: z.string() });

/** Whether the details of QEMU's JOB_STATUS_CHANGE mean that libvirt had an overlay made, as for a snapshot. */
export function isOverlayMade(text: string | null): boolean {
  const parsed = change.safeParse(text === null ? null : JSON.parse(text));
  return parsed.success && parsed.data.status === 'null' && /^create-.*-format$/.test(parsed.data.id);
}
