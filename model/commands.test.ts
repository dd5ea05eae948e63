import { expect, test } from 'vitest';
import { baseArgument, commandsOf } from './commands.ts';
import { planFlatten } from './flatten.ts';
import type { PlanFacts } from './plan.ts';
import { chainOf, diskWith, FACTS, flattenTo, imageAt, REF } from './testing.ts';

const disk = diskWith(chainOf('/vm/active', '/vm/sn2', '/vm/sn1', '/vm/base'));
const plan = (base: string | null, facts: Partial<PlanFacts> = {}) =>
  planFlatten(REF, disk, flattenTo(base), { ...FACTS, ...facts });

test('P2: the base is named by its path', () => {
  expect(commandsOf(plan('/vm/sn1'), 0)).toEqual([
    'virsh blockpull web-1 vda --base /vm/sn1 --wait --verbose',
  ]);
});

test('A1: without a base the command has none; another daemon is named', () => {
  expect(commandsOf(plan(null, { uri: 'qemu:///session', guestName: 'two words' }), 0)).toEqual([
    `virsh -c qemu:///session blockpull 'two words' vda --wait --verbose`,
  ]);
});

test('regression: the command holds the speed limit that libvirt is given', () => {
  expect(commandsOf(plan(null), 5 * 2 ** 20)).toEqual([
    'virsh blockpull web-1 vda --bytes --bandwidth 5242880 --wait --verbose',
  ]);
});

test('regression: a refused plan has no command to copy', () => {
  expect(commandsOf(plan(null, { guestRuns: false }), 0)).toEqual([]);
});

test('a base is named by its path, else by its index, else not at all', () => {
  const source = { kind: 'network', protocol: 'nbd', name: 'host/x' } as const;
  expect(baseArgument('vda', imageAt('/a', { index: 3 }))).toBe('/a');
  expect(baseArgument('vda', imageAt('', { source, index: 3 }))).toBe('vda[3]');
  expect(baseArgument('vda', imageAt('', { source }))).toBeNull();
});
