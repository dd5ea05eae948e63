import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the Chromium that this machine has. Throws where there is none. */
export function findBrowser(path = process.env.PATH ?? ''): string {
  const candidates = NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name)));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(`No Chromium on the PATH (${NAMES.join(', ')}). Install one: apt-get install chromium`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
