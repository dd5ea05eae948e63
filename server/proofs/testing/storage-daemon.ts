import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const message = z.object({
  event: z.string().optional(),
  error: z.object({ desc: z.string() }).optional(),
  data: z.object({ error: z.string().optional() }).optional(),
});

/** Pulls by QEMU's own block layer without a guest: as a guest's QEMU does it, in a tenth of the time. */
export async function pull(active: string, base: string | null): Promise<void> {
  const top = { driver: 'qcow2', 'node-name': 'top', file: { driver: 'file', filename: active } };
  const monitor = ['--chardev', 'stdio,id=m', '--monitor', 'chardev=m'];
  const daemon = spawn('qemu-storage-daemon', ['--blockdev', JSON.stringify(top), ...monitor], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const execute = (command: string, args: object = {}) =>
    daemon.stdin.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
  execute('qmp_capabilities');
  execute('block-stream', { 'job-id': 'pull', device: 'top', ...(base === null ? {} : { base }) });
  let outcome = 'qemu-storage-daemon ended before the pull';
  for await (const line of createInterface({ input: daemon.stdout })) {
    const { event, error, data } = message.parse({ ...JSON.parse(line) });
    if (event !== 'BLOCK_JOB_COMPLETED' && error === undefined) continue;
    outcome = error?.desc ?? data?.error ?? '';
    execute('quit');
  }
  if (outcome !== '') throw new Error(outcome);
}
