import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Lab } from './description.ts';
import { LabError } from './error.ts';
import { PATH } from './interpreter.ts';
import { enter, type Namespace } from './namespace.ts';
import { attempt } from './run.ts';

const THIS_MACHINE = { arch: process.arch, device: '/dev/kvm' };

/** KVM where it can be used, else QEMU's own translation, with the reason in words. */
export async function chooseAccelerator(
  namespace: Namespace | null,
  say: (line: string) => void,
  { arch, device }: { arch: string; device: string } = THIS_MACHINE,
): Promise<Lab['accelerator']> {
  if (arch !== 'x64') {
    say(`The guests are x86 PCs and this machine is ${arch}: QEMU translates (TCG), which is slower.`);
    return 'tcg';
  }
  // As the user that QEMU will be.
  const [program = '', ...args] = [...enter(namespace), 'test', '-r', device, '-a', '-w', device];
  const { status } = await attempt(program, args);
  if (status === 0) return 'kvm';
  const reason = existsSync(device) ? `${device} may not be opened by this user` : `There is no ${device}`;
  say(`${reason}: QEMU translates (TCG), which is slower.`);
  return 'tcg';
}

/** Path of the program that runs the guests; Enterprise Linux has its own. Rejects with `not-installed`. */
export async function findEmulator(): Promise<string> {
  const folders = PATH.split(':').map((folder) => `${folder}/qemu-system-x86_64`);
  for (const path of [...folders, '/usr/libexec/qemu-kvm']) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new LabError('not-installed', 'qemu-system-x86_64 is not there; bin/setup demo installs it.');
}
