import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../model/fleet/capabilities.ts';
import { NO_DEPENDENTS } from '../../model/fleet/dependents.ts';
import type { Host } from '../../model/fleet/host.ts';
import { Planner } from './planner.ts';
import { REF } from './testing/engine-on.ts';
import { FakeHost, portsOf } from './testing/fake-host.ts';
import { UNREACHED } from './testing/unreached.ts';

/** A planner on a host with this libvirt, whose guest is confined by these models. */
function plannerOn(libvirtVersion: string, confinedBy: readonly string[] | null) {
  const versions = { libvirtVersion, qemuVersion: '10.0.13' };
  const host: Host = {
    id: REF.hostId,
    uri: 'qemu:///system',
    name: 'alpha',
    state: 'connected',
    problem: null,
    local: true,
    ...versions,
    capabilities: capabilitiesOf(versions),
  };
  const fake = new FakeHost();
  fake.add(REF);
  fake.change(REF, { confinedBy });
  return new Planner({
    ...UNREACHED,
    ...portsOf(fake),
    dependents: { of: async () => NO_DEPENDENTS },
    hosts: { host: () => host, guestsOf: () => [], usersOf: () => new Map(), isLost: () => false },
  });
}

const MERGE = {
  kind: 'merge-down',
  target: 'vda',
  top: '/sn1',
  base: '/base',
  forgetAfter: false,
} as const;

test.each([
  ['11.3.0', ['apparmor'], true],
  ['11.3.0', null, true],
  ['11.3.0', ['selinux'], false],
  ['11.3.0', [], false],
  ['12.1.0', ['apparmor'], false],
])(
  'libvirt %s, a guest confined by %j: every plan with a commit warns of a denial: %s',
  async (version, by, warns) => {
    const planner = plannerOn(version, by);
    const isWarning = ({ code }: { code: string }) => code === 'COMMIT_MAY_BE_DENIED';
    expect((await planner.preview(REF, MERGE)).warnings.some(isWarning)).toBe(warns);
    const strategies = await planner.strategies(REF, { kind: 'at-most', images: 1 }, []);
    expect(strategies.map(({ name, plan }) => [name, plan?.warnings.some(isWarning)])).toEqual([
      ['pull', false],
      ['merge-down', warns],
      ['cheapest', false],
    ]);
  },
);
