import { expect, test } from 'vitest';
import { type Capabilities, capabilitiesFor, capabilitiesOf } from './capabilities.ts';

const of = (libvirtVersion: string | null, qemuVersion: string | null) =>
  capabilitiesOf({ libvirtVersion, qemuVersion });

const worst: Capabilities = {
  // Else valid snapshots would pass for stale ones, which a flatten forgets.
  revertsExternalSnapshots: true,
  mostLayers: null,
  upgradeTakesFewerLayers: false,
  pullIsDurable: false,
  resizeOnlyExtends: false,
  statsKillPulls: true,
  extendedL2Aborts: true,
  commitKeepsZeros: null,
  zerosKeepRoom: null,
  mirrorSkipsHoles: null,
  confinesBackingFiles: true,
};

test('Debian 12, Debian 13 and sid', () => {
  const usual = { any: 200, withBitmaps: 200, breaksRunning: false };
  expect(of('9.0.0', '7.2.22')).toEqual({
    ...worst,
    revertsExternalSnapshots: false,
    mostLayers: usual,
    upgradeTakesFewerLayers: true,
    commitKeepsZeros: false,
    zerosKeepRoom: false,
    mirrorSkipsHoles: false,
  });
  const newer = {
    upgradeTakesFewerLayers: false,
    revertsExternalSnapshots: true,
    pullIsDurable: true,
    statsKillPulls: false,
    extendedL2Aborts: false,
    commitKeepsZeros: true,
    zerosKeepRoom: true,
    mirrorSkipsHoles: false,
    confinesBackingFiles: true,
  };
  expect(of('11.3.0', '10.0.13')).toEqual({
    ...newer,
    mostLayers: { any: 25, withBitmaps: 22, breaksRunning: true },
    resizeOnlyExtends: false,
  });
  expect(of('12.8.0', '11.1.3')).toEqual({
    ...newer,
    mostLayers: usual,
    mirrorSkipsHoles: true,
    resizeOnlyExtends: true,
    confinesBackingFiles: false,
  });
});

test.each([null, '', '?', '11', '-1.2'])('of the version %j the worst is assumed', (version) => {
  expect(of(version, version)).toEqual(worst);
});

test.each([
  ['9.8.0', false, 200],
  ['9.9.0', true, 200],
  ['10.7.99', true, 200],
  ['10.8.0', true, 25],
  ['10.10.0', true, 25],
  ['11.10.0', true, 25],
  ['12.0.0', true, 200],
])('libvirt %s: reverts to external snapshots %s, takes %i layers', (version, reverts, most) => {
  const found = of(version, null);
  expect(found.revertsExternalSnapshots).toBe(reverts);
  expect(found.mostLayers?.any).toBe(most);
});

test.each([
  ['7.2.22', true, false],
  ['8.1.9', true, false],
  ['8.2.0', false, false],
  ['9.2.4', false, false],
  ['10.0.0', false, true],
])(
  'QEMU %s: may die of a pull into extended L2 entries %s, a pull is durable %s',
  (version, dies, durable) => {
    expect(of(null, version)).toMatchObject({ extendedL2Aborts: dies, pullIsDurable: durable });
  },
);

test.each([
  ['7.2.22', false, false, false],
  ['9.0.4', false, false, false],
  // Not tried: a vendor may have taken the commit's change over.
  ['9.1.0', null, true, false],
  ['10.0.6', null, true, false],
  ['10.0.7', true, true, false],
  ['10.0.13', true, true, false],
  ['10.1.0', true, true, true],
  ['11.1.3', true, true, true],
  [null, null, null, null],
])(
  'QEMU %s: a commit keeps zeros %s, zeros keep room %s, a mirror skips holes %s',
  (version, commitKeepsZeros, zerosKeepRoom, mirrorSkipsHoles) => {
    expect(of(null, version)).toMatchObject({ commitKeepsZeros, zerosKeepRoom, mirrorSkipsHoles });
  },
);

test.each([
  ['12.2.9', false],
  ['12.3.0', true],
])('libvirt %s: a resize can be told not to shrink %s', (version, can) => {
  expect(of(version, null).resizeOnlyExtends).toBe(can);
});

test.each([
  ['9.0.0', true],
  ['12.0.9', true],
  ['12.1.0', false],
])('libvirt %s: where AppArmor confines a guest, commits fail %s', (version, fail) => {
  expect(of(version, null).confinesBackingFiles).toBe(fail);
});

test.each([
  [['apparmor'], true],
  [['selinux'], false],
  [[], false],
  // It may be AppArmor.
  [null, true],
])('of a guest confined by %j commits may be denied: %s', (confinedBy, denied) => {
  const guest = { machine: null, confinedBy };
  expect(capabilitiesFor(of('11.3.0', '10.0.13'), guest).confinesBackingFiles).toBe(denied);
  expect(capabilitiesFor(of('12.1.0', '10.0.13'), guest).confinesBackingFiles).toBe(false);
});

test.each([
  ['pc-q35-10.0', true],
  ['pc-i440fx-11.1', true],
  ['virt-10.2', true],
  // The guest may have run since before its host's QEMU was upgraded.
  ['pc-q35-9.2', false],
  ['pc-q35-7.2', false],
  // Distributions number these by themselves.
  ['pc-q35-rhel10.0.0', false],
  ['pc-q35-plucky', false],
  ['q35', false],
  [null, false],
])('of a guest with the machine type %s a pull counts as durable: %s', (machine, durable) => {
  const found = { pullIsDurable: durable, statsKillPulls: !durable };
  expect(capabilitiesFor(of('11.3.0', '10.0.13'), { machine, confinedBy: ['apparmor'] })).toEqual({
    ...of('11.3.0', '10.0.13'),
    ...found,
  });
});

test('a machine type says nothing good of a host with an older QEMU', () => {
  const old = of('9.0.0', '7.2.22');
  expect(capabilitiesFor(old, { machine: 'pc-q35-10.0', confinedBy: ['apparmor'] })).toEqual(old);
});
