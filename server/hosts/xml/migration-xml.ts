import { child, type Element, parseXml } from './xml.ts';
import { element, writeXml } from './xml-builder.ts';

/**
 * A guest's definition as another host gets it: each of these disks is a qcow2 file there, and what is below it libvirt reads
 * from that file. All else stays.
 * @param files path there, by the disk's target
 */
export function movedDefinition(xml: string, files: ReadonlyMap<string, string>): string {
  const domain = parseXml(xml);
  return writeXml(
    withChildren(domain, (part) =>
      part.name === 'devices' ? withChildren(part, (device) => movedDevice(device, files)) : part,
    ),
  );
}

function movedDevice(device: Element, files: ReadonlyMap<string, string>): Element {
  const file = device.name === 'disk' ? files.get(child(device, 'target')?.attributes.dev ?? '') : undefined;
  if (file === undefined) return device;
  const driver = child(device, 'driver')?.attributes ?? { name: 'qemu' };
  // A source may carry what belongs to the old place only: a key, an account, the name of a pool, libvirt's own index.
  const replaced = ['driver', 'source', 'backingStore', 'mirror'];
  return {
    ...device,
    attributes: { ...device.attributes, type: 'file' },
    children: [
      element('driver', { ...driver, type: 'qcow2' }),
      element('source', { file }),
      ...device.children.filter(({ name }) => !replaced.includes(name)),
    ],
  };
}

function withChildren(parent: Element, change: (child: Element) => Element): Element {
  return { ...parent, children: parent.children.map(change) };
}
