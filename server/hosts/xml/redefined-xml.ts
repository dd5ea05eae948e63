import { ProblemError, problem } from '../../../model/problem.ts';
import { child, type Element } from './xml.ts';
import { element } from './xml-builder.ts';

/**
 * A definition in which one disk has the source of the running guest; everything else stays. libvirt reads the chain below
 * from the image's header. Throws `REDEFINE_NO_DISK`.
 */
export function redefined(definition: Element, live: Element, target: string): Element {
  const now = diskIn(live, target);
  if (now === undefined || diskIn(definition, target) === undefined) {
    throw new ProblemError('conflict', problem('REDEFINE_NO_DISK', { target }));
  }
  return mapped(definition, 'devices', (devices) => ({
    ...devices,
    children: devices.children.map((device) => (isDisk(device, target) ? following(device, now) : device)),
  }));
}

/** A definition that leaves the chain of one disk to the headers of its images; everything else stays. */
export function unrecorded(definition: Element, target: string): Element {
  return mapped(definition, 'devices', (devices) => ({
    ...devices,
    children: devices.children.map((device) =>
      isDisk(device, target)
        ? { ...device, children: device.children.filter(({ name }) => name !== 'backingStore') }
        : device,
    ),
  }));
}

export function diskIn(domain: Element, target: string): Element | undefined {
  return child(domain, 'devices')?.children.find((device) => isDisk(device, target));
}

/** Whether two elements mean the same: blanks between elements and the order of attributes don't count. */
export function sameElement(a: Element, b: Element): boolean {
  const names = Object.keys(a.attributes);
  return (
    a.name === b.name &&
    a.text.trim() === b.text.trim() &&
    names.length === Object.keys(b.attributes).length &&
    names.every((name) => a.attributes[name] === b.attributes[name]) &&
    a.children.length === b.children.length &&
    a.children.every((one, i) => {
      const other = b.children[i];
      return other !== undefined && sameElement(one, other);
    })
  );
}

function isDisk(device: Element, target: string): boolean {
  return device.name === 'disk' && child(device, 'target')?.attributes.dev === target;
}

function following(device: Element, now: Element): Element {
  const source = child(now, 'source');
  const { type } = now.attributes;
  const format = child(now, 'driver')?.attributes.type;
  const there = child(device, 'driver');
  const driver = element('driver', {
    ...(there?.attributes ?? { name: 'qemu' }),
    ...(format === undefined ? {} : { type: format }),
  });
  const kept = device.children.filter(({ name }) => !['driver', 'source', 'backingStore'].includes(name));
  return {
    ...device,
    attributes: { ...device.attributes, ...(type === undefined ? {} : { type }) },
    children: [
      { ...driver, children: there?.children ?? [] },
      ...(source === undefined ? [] : [lasting(source)]),
      ...kept,
    ],
  };
}

/** Without libvirt's index, which is only valid while the guest runs. */
function lasting(source: Element): Element {
  const { index: _, ...attributes } = source.attributes;
  return { ...source, attributes };
}

function mapped(parent: Element, name: string, change: (found: Element) => Element): Element {
  return { ...parent, children: parent.children.map((one) => (one.name === name ? change(one) : one)) };
}
