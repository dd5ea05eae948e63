import { expect, test } from 'vitest';
import { redefined, sameElement, unrecorded } from './redefined-xml.ts';
import { parseXml } from './xml.ts';
import { writeXml } from './xml-builder.ts';

const definition = parseXml(`<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>a &amp; b</name>
  <devices>
    <disk type='file' device='disk'><driver name='qemu' type='raw' discard='unmap'/><source file='/old &lt;1&gt;'/>
      <backingStore/><target dev='vda' bus='virtio'/><boot order='1'/></disk>
    <disk type='file' device='disk'><source file='/other'/><target dev='vdb'/></disk>
  </devices>
  <qemu:commandline><qemu:arg value='-x'/></qemu:commandline>
</domain>`);
const live = parseXml(`<domain><devices>
  <disk type='block'><driver name='qemu' type='qcow2' cache='none'/><source dev='/dev/vg/new' index='3'>
    <seclabel model='dac' relabel='no'/></source><backingStore type='file'><source file='/x'/></backingStore>
    <target dev='vda'/></disk></devices></domain>`);

test('the source and its type change, and nothing else', () => {
  const made = redefined(definition, live, 'vda');
  const expected = parseXml(
    writeXml(definition)
      .replace("<disk type='file'", "<disk type='block'")
      .replace("type='raw'", "type='qcow2'")
      .replace(
        "<source file='/old &#60;1&#62;'></source>",
        "<source dev='/dev/vg/new'><seclabel model='dac' relabel='no'/></source>",
      )
      .replace('<backingStore></backingStore>', ''),
  );
  expect(sameElement(made, expected)).toBe(true);
  expect(sameElement(made, definition)).toBe(false);
  expect(writeXml(made)).toContain('qemu:arg');
});

test('the chain that a definition records of a disk goes, and nothing else', () => {
  const made = unrecorded(definition, 'vda');
  const expected = parseXml(writeXml(definition).replace('<backingStore></backingStore>', ''));
  expect(sameElement(made, expected)).toBe(true);
  expect(sameElement(made, definition)).toBe(false);
  expect(sameElement(unrecorded(definition, 'vdb'), definition)).toBe(true);
});

test('a disk that only one side has is refused', () => {
  expect(() => redefined(definition, live, 'vdb')).toThrow('REDEFINE_NO_DISK');
  expect(() => redefined(live, definition, 'vdb')).toThrow('REDEFINE_NO_DISK');
});
