import { capabilitiesOf, NESTED } from '../model/fleet/capabilities.ts';
import { run } from './run.ts';

/** The layers of the deepest chain in the lab: as many as this machine's libvirt takes, and no more than 64. */
export async function deepest(): Promise<number> {
  const [libvirtVersion = null] = /\d+\.\d+\.\d+/.exec(await run('libvirtd', ['--version'])) ?? [];
  const { mostLayers } = capabilitiesOf({ libvirtVersion, qemuVersion: null });
  return Math.min(64, (mostLayers ?? NESTED).any);
}
