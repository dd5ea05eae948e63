import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseAccelerator } from './accelerator.ts';

let dir = '';
let device = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'accelerator-'));
  // Passable: root's lab asks as another user.
  await chmod(dir, 0o711);
  device = join(dir, 'kvm');
});

afterEach(() => rm(dir, { recursive: true }));

async function choose(arch = 'x64') {
  const lines: string[] = [];
  const chosen = await chooseAccelerator(null, (line) => lines.push(line), { arch, device });
  return { chosen, words: lines.join('\n') };
}

async function makeDevice(mode: number): Promise<void> {
  await writeFile(device, '');
  await chmod(device, mode);
}

test('KVM is used where it may be opened, and nothing is said', async () => {
  await makeDevice(0o666);
  expect(await choose()).toEqual({ chosen: 'kvm', words: '' });
});

test('without /dev/kvm QEMU translates, with a message', async () => {
  expect(await choose()).toEqual({
    chosen: 'tcg',
    words: `There is no ${device}: QEMU translates (TCG), which is slower.`,
  });
});

test.each([0o000, 0o444])('a /dev/kvm of mode %o is not used, with a message', async (mode) => {
  await makeDevice(mode);
  expect(await choose()).toEqual({
    chosen: 'tcg',
    words: `${device} may not be opened by this user: QEMU translates (TCG), which is slower.`,
  });
});

test('another kind of processor has no KVM for x86 guests, whatever there is', async () => {
  await makeDevice(0o666);
  expect(await choose('arm64')).toEqual({
    chosen: 'tcg',
    words: 'The guests are x86 PCs and this machine is arm64: QEMU translates (TCG), which is slower.',
  });
});
