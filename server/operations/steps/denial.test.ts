import { expect, test } from 'vitest';
import { problem } from '../../../model/problem.ts';
import { chainOf, diskWith, guestWith, REF } from '../../../model/testing.ts';
import { LostError } from '../testing/fake-host.ts';
import { fail } from '../verdict.ts';
import { explained, unlessDenied } from './denial.ts';

/** As libvirt 9.0 reports it of a block-commit. */
const REFUSAL =
  "internal error: unable to execute QEMU command 'block-commit': Could not open '/vm/base': Permission denied";

const guestBy = (confinedBy: readonly string[] | null) =>
  guestWith(diskWith(chainOf('/active', '/base')), { confinedBy });

const ports = (confinedBy: readonly string[] | null) => ({
  freshGuests: { guest: async () => guestBy(confinedBy) },
  hosts: { isLost: (error: unknown) => error instanceof LostError },
});

test.each([
  [['apparmor'], 'apparmor'],
  [['selinux'], 'selinux'],
  [[], 'none'],
  [null, 'unknown'],
])('a commit that QEMU is denied, where %j confines the guest', async (confinedBy, by) => {
  const call = unlessDenied(ports(confinedBy), REF, Promise.reject(new Error(REFUSAL)));
  await expect(call).rejects.toMatchObject({ problem: problem('COMMIT_DENIED', { reason: REFUSAL, by }) });
  const verdict = explained(fail('COMMIT_FAILED', { reason: 'Permission denied' }), guestBy(confinedBy));
  expect(verdict).toEqual(fail('COMMIT_DENIED', { reason: 'Permission denied', by }));
});

test('any other outcome stays as it is', async () => {
  const other = new Error('Failed to get "write" lock');
  await expect(unlessDenied(ports([]), REF, Promise.reject(other))).rejects.toBe(other);
  // What ssh says when it can't connect again is about no image.
  const lost = new LostError('ssh: Permission denied (publickey)');
  await expect(unlessDenied(ports([]), REF, Promise.reject(lost))).rejects.toBe(lost);
  await expect(unlessDenied(ports([]), REF, Promise.resolve())).resolves.toBeUndefined();
  const full = fail('COMMIT_FAILED', { reason: 'No space left on device' });
  expect(explained(full, guestBy([]))).toBe(full);
  expect(explained({ do: 'done' }, guestBy([]))).toEqual({ do: 'done' });
});
