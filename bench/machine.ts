import { execFile } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { PATH } from '../lab/interpreter.ts';

/** When and on what it was measured, in one sentence each. */
export async function machine(): Promise<string> {
  const [libvirt, qemu, chromium] = await Promise.all([
    version('libvirtd'),
    version('qemu-system-x86_64'),
    version('chromium'),
  ]);
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return (
    `Measured on ${day}, on ${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}) with ${memory} GiB of memory. ` +
    `Linux ${release()}, libvirt ${libvirt}, QEMU ${qemu}, Node ${process.versions.node}, Chromium ${chromium}.`
  );
}

async function version(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ['--version'], { env: { ...process.env, PATH } });
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.trim();
}
