import { expect, test } from 'vitest';
import { failureOf, isOverlayMade } from './job-end.ts';

const completed = (details: object | null) => ({
  event: 'BLOCK_JOB_COMPLETED',
  details: details === null ? null : JSON.stringify(details),
});

test("QEMU's reason belongs to the disk in the job's name", () => {
  const details = { device: 'pull-vda-libvirt-4-format', len: 1, error: 'No space left on device' };
  expect(failureOf(completed(details))).toEqual({ target: 'vda', reason: 'No space left on device' });
});

test.each([
  completed({ device: 'pull-vda-libvirt-4-format' }),
  completed({ device: 'drive-virtio-disk0', error: 'x' }),
  completed(null),
  { event: 'BLOCK_JOB_CANCELLED', details: JSON.stringify({ device: 'pull-vda-x', error: 'x' }) },
])('%j is no failure of a disk', (event) => {
  expect(failureOf(event)).toBeNull();
});

test.each([
  ['{"status":"null","id":"create-libvirt-3-format"}', true],
  ['{"status":"concluded","id":"create-libvirt-3-format"}', false],
  ['{"status":"null","id":"create-libvirt-3-storage"}', false],
  ['{"status":"null","id":"pull-vda-libvirt-4-format"}', false],
  [null, false],
])('%s: an overlay was made: %s', (details, made) => {
  expect(isOverlayMade(details)).toBe(made);
});
