import type { Guest } from '../../../model/fleet/guest.ts';
import type { SecurityLabel } from '../xml/security-label.ts';
import { confines } from './security-models.ts';

/**
 * The security models that confine a guest's QEMU. The XML of a guest that runs has a label for each of them. Of one that is shut
 * off it has only what somebody wrote; libvirt adds the host's when it starts the guest.
 * @param models those of the host; `null` if unknown
 */
export function confinedBy(
  labels: readonly SecurityLabel[],
  isActive: boolean,
  models: readonly string[] | null,
): Guest['confinedBy'] {
  if (isActive) {
    return labels
      .flatMap(({ type, model }) => (type === 'none' || model === null ? [] : model))
      .filter(confines);
  }
  const free = labels.filter(({ type }) => type === 'none').map(({ model }) => model);
  if (free.includes(null)) return [];
  return models?.filter((model) => !free.includes(model)) ?? null;
}
