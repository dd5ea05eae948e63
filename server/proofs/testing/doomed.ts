import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Doom } from './child.ts';

/** A dashboard in a process of its own. */
export function spawnDashboard(doom: Doom) {
  const args = [join(import.meta.dirname, 'child.ts'), JSON.stringify(doom)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
