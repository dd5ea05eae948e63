import type { ExaminationCheck } from './check.ts';
import type { NamedBacking } from './examination.ts';
import type { Fix, Found } from './finding.ts';

/** What the headers of a disk's images say of their backing images, compared with the files and with libvirt's chain. */
export const header: ExaminationCheck = ({ target }, { backings }) =>
  backings.flatMap((backing) =>
    [...ofName(backing), ...ofFormat(backing)].map((found) => ({
      ...found,
      fix: rewritten(target, backing, found),
    })),
  );

/** At most one finding: the worst, since its fix repairs the others too. */
function ofName(backing: NamedBacking): readonly Found[] {
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
 * Without a format in the header, QEMU guesses it from the first bytes, which the guest of a raw image writes. libvirt
 * refuses such a chain or takes the image for raw. The first bytes of a file prove only that it is no qcow2 image.
 */
function ofFormat(backing: NamedBacking): readonly Found[] {
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
 * The most likely correct header. Where the guest would read other data with it, the plan is refused until the operator
 * accepts that.
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
