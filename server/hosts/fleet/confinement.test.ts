import { expect, test } from 'vitest';
import { readDomain } from '../xml/domain-xml.ts';
import { confinedBy } from './confinement.ts';

const labels = (xml: string) => readDomain(`<domain><devices/>${xml}</domain>`).labels;

/** A running guest of Debian, whose QEMU has the user 64055, as somebody published what `virsh dumpxml` prints. */
const DEBIAN = `<seclabel type='dynamic' model='apparmor' relabel='yes'>
    <label>libvirt-29cc9a23-f712-4649-a61f-eea1cb11599e</label>
    <imagelabel>libvirt-29cc9a23-f712-4649-a61f-eea1cb11599e</imagelabel>
  </seclabel>
  <seclabel type='dynamic' model='dac' relabel='yes'>
    <label>+64055:+64055</label>
    <imagelabel>+64055:+64055</imagelabel>
  </seclabel>`;

/** A running guest of Enterprise Linux, from Red Hat's guide to virtualization security; 107 is QEMU's user there. */
const RED_HAT = `<seclabel type='dynamic' model='selinux' relabel='yes'>
    <label>system_u:system_r:svirt_t:s0:c87,c520</label>
    <imagelabel>system_u:object_r:svirt_image_t:s0:c87,c520</imagelabel>
  </seclabel>
  <seclabel type='dynamic' model='dac' relabel='yes'>
    <label>+107:+107</label>
    <imagelabel>+107:+107</imagelabel>
  </seclabel>`;

/** With a profile that an administrator wrote, as libvirt's documentation of `<seclabel>` has it. */
const OWN_PROFILE = `<seclabel type='static' model='apparmor' relabel='no'><label>my-guest</label></seclabel>`;

test.each([
  ['Debian', DEBIAN, ['apparmor']],
  ['Enterprise Linux', RED_HAT, ['selinux']],
  ['a profile of its own', OWN_PROFILE, ['apparmor']],
  ['a guest that was taken out of confinement', "<seclabel type='none' model='apparmor'/>", []],
  // What a session's daemon runs has no label, nor has what runs where no model is enabled.
  ['a guest without a label', '', []],
])('a running guest tells by itself: %s', (_, xml, expected) => {
  expect(confinedBy(labels(xml), true, null)).toEqual(expected);
  expect(confinedBy(labels(xml), true, ['smack'])).toEqual(expected);
});

test.each([
  ['a definition without labels', '', ['apparmor']],
  [
    'one that only sets QEMU’s user',
    "<seclabel type='static' model='dac' relabel='no'><label>0:0</label></seclabel>",
    ['apparmor'],
  ],
  [
    'one that asks for what it gets anyway',
    "<seclabel type='dynamic' model='apparmor' relabel='yes'/>",
    ['apparmor'],
  ],
  ['one without AppArmor', "<seclabel type='none' model='apparmor'/>", []],
  ['one without any', "<seclabel type='none'/>", []],
])('a guest that is shut off gets the models of its host: %s', (_, xml, expected) => {
  expect(confinedBy(labels(xml), false, ['apparmor'])).toEqual(expected);
});

test('of a host that does not tell, nothing is known of guests that are shut off, but that nothing confines some', () => {
  expect(confinedBy(labels(''), false, null)).toBeNull();
  expect(confinedBy(labels("<seclabel type='none' model='apparmor'/>"), false, null)).toBeNull();
  expect(confinedBy(labels("<seclabel type='none'/>"), false, null)).toEqual([]);
});
