import * as daemon from './daemon.ts';
import { hostOf, type Lab, type LabGuest, type LabHost } from './description.ts';
import { LabError } from './error.ts';
import { hostFolders } from './folder.ts';
import { kill, type Process, processesOf, signal } from './process.ts';

/** Kills a host's libvirtd, without a word of warning to it. Its guests run on. */
export async function killDaemon(lab: Lab, host: LabHost): Promise<void> {
  await kill([await daemonOf(lab, host)]);
}

/** Starts a host's libvirtd again, on the same socket; resolves when it listens. */
export async function startDaemon(lab: Lab, host: LabHost): Promise<void> {
  await daemon.start(lab.dir, host.name, lab.namespace);
}

/** Kills a guest's QEMU; libvirt then finds the guest shut off (crashed). */
export async function killQemu(lab: Lab, guest: LabGuest): Promise<void> {
  await kill([await qemuOf(lab, guest)]);
}

/** Stops a guest's QEMU where it stands, so that it answers nothing, until `thawQemu`. */
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

async function qemuOf(lab: Lab, guest: LabGuest): Promise<Process> {
  return one(lab, `the QEMU of ${guest.name}`, ({ command }) => {
    return command[0] === lab.emulator && command.includes(guest.uuid);
  });
}

async function one(lab: Lab, what: string, wanted: (process: Process) => boolean): Promise<Process> {
  const [found] = (await processesOf(lab.dir)).filter(wanted);
  if (found) return found;
  throw new LabError('no-process', `${what} does not run.`);
}
