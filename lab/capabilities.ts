import { type Capabilities, capabilitiesOf, type Versions } from '../model/fleet/capabilities.ts';
import { findEmulator } from './accelerator.ts';
import { run } from './run.ts';

/** The versions of this machine's libvirt and QEMU, which every lab on it has. */
export async function versions(): Promise<Versions> {
  const [libvirtVersion, qemuVersion] = await Promise.all([
    versionOf('libvirtd'),
    findEmulator().then(versionOf),
  ]);
  return { libvirtVersion, qemuVersion };
}

/** What the hosts of every lab on this machine can do. */
export async function capabilities(): Promise<Capabilities> {
  return capabilitiesOf(await versions());
}

async function versionOf(program: string): Promise<string | null> {
  const [version = null] = /\d+\.\d+\.\d+/.exec(await run(program, ['--version'])) ?? [];
  return version;
}
