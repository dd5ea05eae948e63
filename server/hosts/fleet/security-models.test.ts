import { expect, test } from 'vitest';
import { securityModelsIn } from './security-models.ts';

const host = (models: string) => `<capabilities><host><cpu><model>Westmere</model></cpu>${models}</host>
  <guest><os_type>hvm</os_type></guest></capabilities>`;

/** As `virsh capabilities` prints it on a host that names QEMU's user by numbers. */
const dac = (user: string) => `<secmodel>
      <model>dac</model>
      <doi>0</doi>
      <baselabel type='kvm'>${user}</baselabel>
      <baselabel type='qemu'>${user}</baselabel>
    </secmodel>`;

test.each([
  // Ubuntu 22.04, from capabilities that somebody published with its machine types; Debian prints the same.
  [
    'AppArmor',
    `<secmodel>\n      <model>apparmor</model>\n      <doi>0</doi>\n    </secmodel>${dac('+64055:+109')}`,
    ['apparmor'],
  ],
  // Fedora and Enterprise Linux, from libvirt's own description of base labels (September 2013).
  [
    'SELinux',
    `<secmodel>
      <model>selinux</model>
      <doi>0</doi>
      <baselabel type='kvm'>system_u:system_r:svirt_t:s0</baselabel>
      <baselabel type='qemu'>system_u:system_r:svirt_tcg_t:s0</baselabel>
    </secmodel>${dac('+107:+107')}`,
    ['selinux'],
  ],
  // A daemon with `security_driver = "none"`; one of a user's session has no `dac` either.
  [
    'neither',
    `<secmodel>\n      <model>none</model>\n      <doi>0</doi>\n    </secmodel>${dac('+64055:+64055')}`,
    [],
  ],
  ['a model that we never heard of', '<secmodel><model>smack</model><doi>0</doi></secmodel>', ['smack']],
  ['no model', '', []],
])('a host with %s', (_, models, expected) => {
  expect(securityModelsIn(host(models))).toEqual(expected);
});
