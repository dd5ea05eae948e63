import type { Disk } from '../fleet/disk.ts';
import type { NamedBacking } from './examination.ts';
import type { Fix, Found } from './finding.ts';

/** What the headers of a disk's images say of the images below them, against the files and against libvirt's chain. */
export function headerFindings({ target }: Disk, backings: readonly NamedBacking[]): readonly Found[] {
  return backings.flatMap((backing) =>
    [...place(backing), ...format(backing)].map((found) => ({
      ...found,
      fix: rewritten(target, backing, found),
    })),
  );
}

/** At most one: what is worse is told, since its cure is that of the others too. */
function place(backing: NamedBacking): readonly Found[] {
  const { image, name, path, at, link, isBelow, below } = backing;
  const params = { image, name, below: below ?? '' };
  if (path === null) return [];
  if (isBelow === false) return [{ code: 'BACKING_OTHER', severity: 'bad', image, params }];
  if (at === 'missing') return [{ code: 'BACKING_DANGLING', severity: 'bad', image, params }];
  if (!isAbsolute(name)) return [{ code: 'BACKING_RELATIVE', severity: 'note', image, params }];
  const indirect = link || path.split('/').some((part) => part === '..' || part === '.');
  return indirect ? [{ code: 'BACKING_INDIRECT', severity: 'note', image, params }] : [];
}

/**
 * A name without a format has QEMU guess it by the first bytes, which the guest of a raw image writes; libvirt refuses
 * such a chain or takes the image for raw. Only that a file is no qcow2 image is certain from its bytes.
 */
function format(backing: NamedBacking): readonly Found[] {
  const { image, name, at, beginsAsQcow2, path } = backing;
  const params = { image, name };
  if (backing.format === null) return [{ code: 'FORMAT_MISSING', severity: 'warn', image, params }];
  if (at !== 'there' || path === null) return [];
  if (backing.format === 'qcow2' && !beginsAsQcow2) {
    return [{ code: 'BACKING_NOT_QCOW2', severity: 'bad', image, params }];
  }
  return backing.format === 'raw' && beginsAsQcow2
    ? [{ code: 'BACKING_SEEMS_QCOW2', severity: 'warn', image, params }]
    : [];
}

/**
 * The header as it would be right, as far as anybody can tell. Where what the guest reads would change by it, the plan
 * refuses until the operator says that this is wanted.
 */
function rewritten(target: string, backing: NamedBacking, { code }: Found): Fix | null {
  const { image, path, plain, below, beginsAsQcow2 } = backing;
  const named = backing.format ?? (beginsAsQcow2 ? 'qcow2' : 'raw');
  const right = code === 'BACKING_NOT_QCOW2' ? 'raw' : code === 'BACKING_SEEMS_QCOW2' ? 'qcow2' : named;
  const to = code === 'BACKING_OTHER' ? below : (plain ?? path);
  if (to === null || (right !== 'qcow2' && right !== 'raw')) return null;
  return {
    kind: 'plan',
    intent: { kind: 'rewrite-header', target, image, backing: to, format: right, contentMayChange: false },
  };
}

function isAbsolute(name: string): boolean {
  return name.startsWith('/') || name.startsWith('file:/');
}
