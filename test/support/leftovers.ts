import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { handOver } from '../../lab/namespace.ts';
import { run } from '../../lab/run.ts';
import type { Dashboard } from './dashboard.ts';
import { beta, lab } from './rig.ts';

/** Whether a file is there. */
export const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** An image of nobody on beta, over this one, for this test alone. */
export async function loose(name: string, backing: string | null = null): Promise<string> {
  const path = join(beta.images, name);
  const over = backing === null ? [] : ['-b', backing, '-F', 'qcow2'];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...over, path, '16M']);
  await handOver(lab.namespace, path);
  onTestFinished(() => rm(path, { force: true }));
  return path;
}

/** What is found on the dashboard's first host. */
export const found = (parts: Dashboard) => parts.leftovers.find(parts.hostId);
/** Paths of the images that may be deleted. */
export const offered = async (parts: Dashboard) => (await found(parts)).leftovers.map(({ path }) => path);

/** The plan of a deletion, and how it is started. */
export async function deletion({ planner, engine, hostId }: Dashboard, files: readonly string[]) {
  const intent = { kind: 'delete', files } as const;
  const plan = await planner.previewOnHost(hostId, intent);
  const request = { hostId, intent, fingerprint: plan.fingerprint, bandwidth: 0, actor: 'tester' };
  return { plan, start: () => engine.start(request) };
}
