import { hostOf, type Lab, type LabDisk, type LabGuest } from './description.ts';
import { virsh } from './virsh.ts';

/** A guest's disks and their chains, as libvirt shows them now. A volume at the top is named without a path. */
export async function liveChains(lab: Lab, guest: LabGuest): Promise<LabDisk[]> {
  const xml = await virsh(hostOf(lab, guest.host), 'dumpxml', guest.uuid);
  return [...xml.matchAll(/<disk type='\w+' device='disk'.*?<\/disk>/gs)].map(([disk]) => {
    // What follows a <mirror> is the target of a running job.
    const chain = disk.replace(/<mirror.*?<\/mirror>/s, '');
    const images = [...chain.matchAll(/<source [^>]*?\b(?:file|dev|volume|protocol)='([^']*)'/g)].map(
      ([, text = '']) => plain(text),
    );
    const target = /<target dev='([^']*)'/.exec(disk)?.[1] ?? '';
    return { target, images };
  });
}

function plain(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(\w+);/g, (entity, name: string) => characters[name] ?? entity);
}
