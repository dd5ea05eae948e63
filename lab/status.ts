import { type Lab, type LabGuest, type LabHost, read } from './description.ts';
import { attempt } from './run.ts';
import { virsh } from './virsh.ts';

export interface Status {
  /** Whether both daemons answer and every guest is in the state that it was made in. */
  whole: boolean;
  hosts: (LabHost & { answers: boolean })[];
  /** `now` is libvirt's word for the state, or null where libvirt does not know the guest or does not answer. */
  guests: (LabGuest & { now: string | null })[];
  lab: Lab;
}

/** Compares a lab with its description. Rejects with `no-lab` where there is none. */
export async function status(dir: string): Promise<Status> {
  const lab = await read(dir);
  const hosts = await Promise.all(
    lab.hosts.map(async (host) => {
      const { status: exit } = await attempt('virsh', ['--quiet', '--connect', host.uri, 'uri']);
      return { ...host, answers: exit === 0 };
    }),
  );
  const lists = await Promise.all(
    hosts.map((host) => (host.answers ? states(host) : new Map<string, string>())),
  );
  const guests = lab.guests.map((guest) => {
    const index = hosts.findIndex(({ name }) => name === guest.host);
    return { ...guest, now: lists[index]?.get(guest.name) ?? null };
  });
  const whole = hosts.every(({ answers }) => answers) && guests.every(({ state, now }) => state === now);
  return { whole, hosts, guests, lab };
}

async function states(host: LabHost): Promise<Map<string, string>> {
  const rows = await virsh(host, 'list', '--all');
  // Id or "-", the name (which may hold spaces), two spaces or more, the state.
  const found = rows.split('\n').flatMap((row) => {
    const [, name, state] = /^\s*\S+\s+(.*?)\s{2,}(\S.*?)\s*$/.exec(row) ?? [];
    return name && state ? [[name, state] as const] : [];
  });
  return new Map(found);
}
