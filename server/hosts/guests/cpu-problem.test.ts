import { expect, test } from 'vitest';
import { parseXml } from '../xml/xml.ts';
import { isUnchecked } from './cpu-problem.ts';

const unchecked = (xml: string) => isUnchecked(parseXml(xml));

test('regression: with libvirt 12.8 no guest without <cpu> could be migrated', () => {
  expect(
    unchecked("<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>"),
  ).toBe(true);
  expect(unchecked("<cpu check='none'><model>qemu64</model></cpu>")).toBe(true);
});

test('what libvirt checks is compared, and so is the host’s own CPU', () => {
  expect(
    unchecked(
      "<cpu mode='custom' match='exact' check='full'><model>qemu64</model><feature policy='disable' name='svm'/></cpu>",
    ),
  ).toBe(false);
  expect(unchecked("<cpu mode='host-passthrough' check='none' migratable='on'/>")).toBe(false);
  expect(unchecked("<cpu mode='host-model' check='partial'/>")).toBe(false);
});
