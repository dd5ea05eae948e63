import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Lab } from './description.ts';
import { LabError, textOf } from './error.ts';
import { PATH } from './run.ts';

/** KVM where it can be used, else QEMU's own translation, with the reason in words. */
export async function chooseAccelerator(say: (line: string) => void): Promise<Lab['accelerator']> {
  if (process.arch !== 'x64') {
    say(
      `The guests are x86 PCs and this machine is ${process.arch}: QEMU translates (TCG), which is slower.`,
    );
    return 'tcg';
  }
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
    return 'kvm';
  } catch (error) {
    say(`/dev/kvm cannot be used (${textOf(error)}): QEMU translates (TCG), which is slower.`);
    return 'tcg';
  }
}

/** Path of the program that runs the guests. Rejects with `not-installed`. */
export async function findEmulator(): Promise<string> {
  for (const folder of PATH.split(':')) {
    const path = `${folder}/qemu-system-x86_64`;
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new LabError('not-installed', 'qemu-system-x86_64 is not there; bin/setup demo installs it.');
}
