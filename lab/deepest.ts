import { NESTED } from '../model/fleet/capabilities.ts';
import { capabilities } from './capabilities.ts';

/** The layers of the deepest chain in the lab: as many as this machine's libvirt takes, and no more than 64. */
export async function deepest(): Promise<number> {
  const { mostLayers } = await capabilities();
  return Math.min(64, (mostLayers ?? NESTED).any);
}
