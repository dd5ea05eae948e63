import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as daemon from './daemon.ts';
import { hostOf, type Lab, type LabGuest, type LabHost } from './description.ts';
import { LabError } from './error.ts';
import { cacheFolder, hostFolders } from './folder.ts';
import { kill, type Process, processesOf, signal } from './process.ts';
import { run } from './run.ts';

/** Kills a host's libvirtd, without a warning to it. Its guests keep running. */
export async function killDaemon(lab: Lab, host: LabHost): Promise<void> {
  await kill([await daemonOf(lab, host)]);
}

/** Starts a host's libvirtd again, on the same socket; resolves when it listens. */
export async function startDaemon(lab: Lab, host: LabHost): Promise<void> {
  await daemon.start(lab.dir, host.name, lab.namespace);
}

/**
 * Starts a host's libvirtd again, as on a machine whose CPU has not this feature, until it is started anew. It goes by what it
 * learned of QEMU before, and that is changed.
 * @param feature as QEMU names it
 */
export async function startDaemonWithout(lab: Lab, host: LabHost, feature: string): Promise<void> {
  const other = join(lab.dir, `cache-without-${feature}`);
  await rm(other, { recursive: true, force: true });
  await run('cp', ['-a', cacheFolder(lab.dir), other]);
  const learned = join(other, 'libvirt/qemu/cache/capabilities');
  for (const name of await readdir(learned)) {
    const path = join(learned, name);
    const [before, property] = [await readFile(path, 'utf8'), `<property name='${feature}' type='boolean'`];
    const text = before.replaceAll(`${property} value='true'`, `${property} value='false'`);
    if (text !== before) await writeFile(path, text);
  }
  await daemon.start(lab.dir, host.name, lab.namespace, other);
}

/** Kills a guest's QEMU; libvirt then finds the guest shut off (crashed). */
export async function killQemu(lab: Lab, guest: LabGuest): Promise<void> {
  await kill([await qemuOf(lab, guest)]);
}

/** Stops a guest's QEMU, so that it answers nothing, until `thawQemu`. */
export async function freezeQemu(lab: Lab, guest: LabGuest): Promise<void> {
  signal((await qemuOf(lab, guest)).pid, 'SIGSTOP');
}

export async function thawQemu(lab: Lab, guest: LabGuest): Promise<void> {
  signal((await qemuOf(lab, guest)).pid, 'SIGCONT');
}

async function daemonOf(lab: Lab, host: LabHost): Promise<Process> {
  const { config } = hostFolders(lab.dir, hostOf(lab, host.name).name);
  return one(lab, `the libvirtd of ${host.name}`, ({ command }) => {
    return (
      /(^|\/)libvirtd$/.test(command[0] ?? '') &&
      command.some((argument) => argument.startsWith(`${config}/`))
    );
  });
}

/** A guest's QEMU. Rejects where it does not run. */
export async function qemuOf(lab: Lab, guest: LabGuest): Promise<Process> {
  const { root } = hostFolders(lab.dir, guest.host);
  return one(lab, `the QEMU of ${guest.name} on ${guest.host}`, ({ command, environment }) => {
    // While it migrates there is one on either host, and libvirt has each keep to its host's folder.
    const isHere = environment.some((entry) => entry.startsWith(`XDG_CACHE_HOME=${root}/`));
    return command[0] === lab.emulator && command.includes(guest.uuid) && isHere;
  });
}

async function one(lab: Lab, what: string, wanted: (process: Process) => boolean): Promise<Process> {
  const [found] = (await processesOf(lab.dir)).filter(wanted);
  if (found) return found;
  throw new LabError('no-process', `${what} does not run.`);
}
