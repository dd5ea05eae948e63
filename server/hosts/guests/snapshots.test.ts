import { expect, test } from 'vitest';
import { ErrorNumber, LibvirtError } from '../../libvirt/index.ts';
import { isAgentLost } from './snapshots.ts';

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
