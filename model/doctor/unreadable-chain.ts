import { isActive } from '../fleet/guest.ts';
import { imageName } from '../fleet/image.ts';
import type { DiskCheck } from './check.ts';

/** Images that are missing, or another reason why the chain could not be read to its end. */
export const unreadableChain: DiskCheck = ({ chain, problem }, { guest }) => {
  const missing = (chain?.images ?? []).filter((image) => image.missing);
  if (missing.length === 0) return problem === null ? [] : [{ code: 'UNREADABLE', severity: 'bad', problem }];
  return missing.map((image) => ({
    code: 'IMAGE_MISSING',
    severity: 'bad',
    image: image.key,
    // A guest that runs may still have the file open: a flatten then saves its data.
    params: { image: imageName(image), runs: String(isActive(guest)) },
  }));
};
