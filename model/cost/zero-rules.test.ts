import { expect, test } from 'vitest';
import { capabilitiesOf, UNKNOWN_CAPABILITIES } from '../fleet/capabilities.ts';
import { zeroRules } from './zero-rules.ts';

const of = (qemuVersion: string, discards: boolean) =>
  zeroRules(capabilitiesOf({ libvirtVersion: null, qemuVersion }), discards);

test('Debian 12, Debian 13 and sid', () => {
  expect(of('7.2.22', true)).toEqual([{ committed: false, room: 'given-back', skipped: false, fine: false }]);
  expect(of('7.2.22', false)).toEqual([{ committed: false, room: 'reused', skipped: false, fine: false }]);
  expect(of('10.0.13', true)).toEqual([{ committed: true, room: 'given-back', skipped: false, fine: true }]);
  expect(of('10.0.13', false)).toEqual([{ committed: true, room: 'kept', skipped: false, fine: true }]);
  expect(of('11.1.3', true)).toEqual([{ committed: true, room: 'given-back', skipped: true, fine: true }]);
  expect(of('11.1.3', false)).toEqual([{ committed: true, room: 'kept', skipped: true, fine: true }]);
});

test('on a host of unknown QEMU all rules may hold', () => {
  expect(zeroRules(UNKNOWN_CAPABILITIES, true)).toHaveLength(4);
  expect(zeroRules(UNKNOWN_CAPABILITIES, false)).toHaveLength(8);
  expect(zeroRules(UNKNOWN_CAPABILITIES, null)).toHaveLength(12);
  // In between, only one thing is not known.
  expect(of('10.0.6', false)).toEqual([
    { committed: false, room: 'kept', skipped: false, fine: true },
    { committed: true, room: 'kept', skipped: false, fine: true },
  ]);
});
