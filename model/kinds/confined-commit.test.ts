import { expect, test } from 'vitest';
import { NO_DEPENDENTS } from '../fleet/dependents.ts';
import type { Image } from '../fleet/image.ts';
import { planFlatten } from '../plans/flatten.ts';
import { planMergeDown } from '../plans/merge-down.ts';
import { problem } from '../problem.ts';
import { diskWith, FACTS, flattenTo, guestWith, imageAt, REF } from '../testing.ts';
import { warnedOfConfinement } from './confined-commit.ts';
import type { Step } from './kinds.ts';
import type { Plan } from './plan.ts';

const NBD: Partial<Image> = { source: { kind: 'network', protocol: 'nbd', name: 'storage/base' } };

const chain = { images: ['/active', '/c', '/b', '/a', '/base'].map((path) => imageAt(path)) };
const disk = diskWith(chain);
const guest = guestWith(disk, { confinedBy: ['apparmor'] });
const DENIES = { ...FACTS.capabilities, confinesBackingFiles: true };

function merge(top: string, base: string, on = disk): Plan {
  const facts = { ...FACTS, disks: [on], dependents: NO_DEPENDENTS };
  return planMergeDown(REF, on, { kind: 'merge-down', target: 'vda', top, base, forgetAfter: false }, facts);
}

const flatten = () => planFlatten(REF, disk, flattenTo(null), { ...FACTS, disks: [disk] });

/** The images that a commit may be denied; `null` where the plan says nothing. */
function denied(plan: Plan, of = guest, capabilities = DENIES) {
  const found = warnedOfConfinement(plan, of, capabilities).warnings;
  return found.find(({ code }) => code === 'COMMIT_MAY_BE_DENIED')?.params.files ?? null;
}

const deletion: Step = {
  kind: 'delete-snapshot',
  hostId: 'alpha',
  name: 's1',
  deleted: ['/b'],
  merges: [
    {
      target: 'vda',
      before: ['/active', '/c', '/b', '/a', '/base'],
      after: ['/active', '/c', '/a', '/base'],
    },
  ],
};

test.each([
  // A commit writes its base, and the header of the image above.
  ['a commit right below the active image', merge('/c', '/b'), 'b'],
  ['a commit further down', merge('/b', '/base'), 'c, base'],
  ['an active commit', merge('/active', '/b'), 'b'],
  ['a deletion of a snapshot, which libvirt commits for', { ...flatten(), steps: [deletion] }, 'c, a'],
  ['a pull', flatten(), null],
])('%s', (_, plan, images) => {
  expect(denied(plan)).toBe(images);
});

test('a commit into a network source, which no rule is about', () => {
  const base = imageAt('nbd', NBD);
  const on = diskWith({ images: [imageAt('/active'), imageAt('/c'), base] });
  expect(denied(merge('/c', base.key, on))).toBeNull();
});

test('where nothing is denied the plan stays as it is', () => {
  const plan = merge('/c', '/b');
  expect(warnedOfConfinement(plan, guest, FACTS.capabilities)).toBe(plan);
});

test('what is not known for sure is said so', () => {
  const warned = (confinedBy: readonly string[] | null) =>
    warnedOfConfinement(merge('/c', '/b'), { ...guest, confinedBy }, DENIES).warnings.at(-1);
  expect(warned(['apparmor'])).toEqual(problem('COMMIT_MAY_BE_DENIED', { files: 'b', by: 'apparmor' }));
  expect(warned(null)).toEqual(problem('COMMIT_MAY_BE_DENIED', { files: 'b', by: 'unknown' }));
});
