import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { until } from '../../lab/process.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import { folder, lab } from './rig.ts';

export interface BackupOptions {
  /** Of the file, which goes with the guest. */
  readonly name: string;
  /** Name of the checkpoint that it starts from; left out for a full backup. */
  readonly since?: string;
  /** Path of the earlier backup that it completes; left out for a full one. */
  readonly over?: string;
  /** Name of the checkpoint that a later one may start from; left out for none. */
  readonly checkpoint?: string;
}

/**
 * Has libvirt back up vda of a running guest into a file, and answers its path; what is read from it is what would be restored.
 * Rejects with virsh's own words.
 */
export async function backup(
  guest: LabGuest,
  { name, since, over, checkpoint }: BackupOptions,
): Promise<string> {
  const host = hostOf(lab, guest.host);
  const { path } = await folder();
  const file = join(host.images, `${guest.name}-${name}.backup`);
  guest.files.push(file);
  await rm(file, { force: true });
  const from = since === undefined ? '' : `<incremental>${since}</incremental>`;
  const target = `<disk name='vda' type='file'><driver type='qcow2'/><target file='${file}'/></disk>`;
  const [job, point] = [join(path, 'backup.xml'), join(path, 'checkpoint.xml')];
  await writeFile(job, `<domainbackup mode='push'>${from}<disks>${target}</disks></domainbackup>`);
  if (checkpoint !== undefined) {
    await writeFile(point, `<domaincheckpoint><name>${checkpoint}</name></domaincheckpoint>`);
  }
  await virsh(host, 'backup-begin', guest.uuid, job, ...(checkpoint === undefined ? [] : [point]));
  const isOver = async () => /Job type:\s+None/.test(await virsh(host, 'domjobinfo', guest.uuid));
  await until('the backup', isOver);
  const ended = await virsh(host, 'domjobinfo', guest.uuid, '--completed');
  if (!/Job type:\s+Completed/.test(ended)) throw new Error(`The backup of ${guest.name} failed: ${ended}`);
  // libvirt names the guest's active image as what is below it.
  if (over !== undefined) {
    await run('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-b', over, '-F', 'qcow2', file]);
  }
  return file;
}
