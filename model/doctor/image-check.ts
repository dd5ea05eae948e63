import type { Guest } from '../fleet/guest.ts';
import type { ImageCheck } from '../fleet/image.ts';
import { bySeverity, type Finding, type Found, findingOf } from './finding.ts';

/**
 * The findings of `qemu-img check` on a disk's images. It proves nothing about an image that a QEMU writes to, whose
 * tables are older than its data.
 */
export function checkFindings(
  guest: Guest,
  target: string,
  checks: readonly ImageCheck[],
): readonly Finding[] {
  return bySeverity(
    checks.flatMap((check) => ofImage(target, check)).map((found) => findingOf(guest, target, found)),
  );
}

function ofImage(target: string, { image, leaks, errors, written }: ImageCheck): readonly Found[] {
  const params = { image, written: String(written) };
  const severity = (usual: Found['severity']) => (written ? 'note' : usual);
  const fix = { kind: 'plan', intent: { kind: 'repair-leaks', target, image } } as const;
  return [
    ...(errors === 0
      ? []
      : [
          {
            code: 'CHECK_ERRORS',
            severity: severity('bad'),
            image,
            params: { ...params, count: errors },
          } as const,
        ]),
    ...(leaks === 0
      ? []
      : [
          {
            code: 'CHECK_LEAKS',
            severity: severity('warn'),
            image,
            params: { ...params, count: leaks },
            // In an image with errors it is not certain that a cluster is leaked.
            fix: written || errors > 0 ? null : fix,
          } as const,
        ]),
  ];
}
