import type { Lab } from './description.ts';
import { LabError } from './error.ts';
import { status } from './status.ts';

/** The lab of an earlier run in this folder, whatever was done to its guests since; null where a daemon does not answer. */
export async function keptLab(dir: string): Promise<Lab | null> {
  try {
    const { lab, hosts } = await status(dir);
    return hosts.every(({ answers }) => answers) ? lab : null;
  } catch (error) {
    if (error instanceof LabError && ['no-lab', 'other-version'].includes(error.code)) return null;
    throw error;
  }
}
