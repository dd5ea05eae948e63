import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Bench } from './row.ts';

/** A warm python process that answers each line on its input with one line. */
export interface PythonPeer {
  ask(): Promise<string>;
}

// The distribution's own python: another one on PATH would not have its libvirt module.
const PYTHON = '/usr/bin/python3';

export async function pythonPeer({ stack }: Bench, script: string, ...args: string[]): Promise<PythonPeer> {
  const child = spawn(PYTHON, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  const ended = once(child, 'close');
  stack.defer(async () => {
    child.stdin.end();
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask() {
      child.stdin.write('\n');
      const line = await lines.next();
      if (line.done) throw new Error(`${script} ended without an answer`);
      return line.value;
    },
  };
}
