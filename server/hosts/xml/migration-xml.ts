import { child, type Element, parseXml } from './xml.ts';
import { element, writeXml } from './xml-builder.ts';

/**
 * A guest's definition for another host. Each of these disks becomes a qcow2 file there, from whose header libvirt reads the
 * rest of the chain. Everything else stays.
 * @param files path at the destination, by the disk's target
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
  // These may have what is valid for the old source only: a key, an account, the name of a pool, libvirt's own index.
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
