import { expect, test } from 'vitest';
import { ErrorNumber, LibvirtError } from '../../libvirt/index.ts';
import { isAgentLost, isFrozen } from './snapshots.ts';

const errorOf = (code: number) =>
  new LibvirtError('LIBVIRT_AGENT', 'Guest agent disappeared while executing command', { libvirtCode: code });

test.each([
  [86, true],
  [112, true],
  [113, true],
  [ErrorNumber.OPERATION_FAILED, false],
])('regression: after the error %i of a quiesced snapshot the guest may be frozen: %s', (code, lost) => {
  expect(isAgentLost(errorOf(code))).toBe(lost);
});

test.each([
  ['Command guest-get-time has been disabled: the agent is in frozen state', true],
  ['Command guest-get-time has been disabled: the command is not allowed', true],
  ['QEMU guest agent is not connected', false],
])('regression: with QEMU 10 a frozen guest was taken for a silent one (%s)', (words, frozen) => {
  const reason = `guest agent command failed: unable to execute QEMU agent command 'guest-get-time': ${words}`;
  expect(isFrozen(reason)).toBe(frozen);
});
