import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Programs that a bare Debian has. What else the script may find is put there by a test. */
const BARE = [
  'bash',
  'cp',
  'env',
  'find',
  'grep',
  'mkdir',
  'mktemp',
  'mount',
  'mv',
  'rm',
  'sed',
  'setpriv',
  'sort',
  'touch',
  'tr',
  'unshare',
];
const NEEDED = ['as', 'libvirtd', 'qemu-img', 'qemu-io', 'qemu-nbd', 'qemu-system-x86_64', 'ssh', 'virsh'];

const NEEDED_BY_TESTS = ['chromium', 'chromium-headless-shell', 'mke2fs', 'openssl', 'sshd'];

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-test-'));
  mkdirSync(join(root, 'path'));
  mkdirSync(join(root, 'project/bin'), { recursive: true });
  // The folders that the script adds to the path must hold nothing that a test leaves out.
  const script = readFileSync(join(import.meta.dirname, 'setup'), 'utf8').replace(':/usr/sbin:/sbin', '');
  writeFileSync(join(root, 'project/bin/setup'), script);
  writeFileSync(join(root, 'project/package-lock.json'), '{}');
  for (const name of BARE) symlinkSync(`/usr/bin/${name}`, join(root, 'path', name));
  program('node', 'echo v20.19.2');
  program('npm', 'mkdir -p node_modules; : > node_modules/.package-lock.json');
});

afterEach(() => rmSync(root, { recursive: true }));

const moduleFile = (name: string) => `usr/lib/modules/9/kernel/drivers/${name}.ko`;

/** Puts a program on the path that notes its call and then runs `body`. */
function program(name: string, body = ':'): void {
  const path = join(root, 'path', name);
  rmSync(path, { force: true });
  writeFileSync(path, `#!/bin/bash\necho "${name} $*" >> ${root}/calls\nPATH=/usr/bin:/bin\n${body}\n`);
  chmodSync(path, 0o755);
}

function setup(goal: string) {
  const { status, stderr } = spawnSync('/bin/bash', [join(root, 'project/bin/setup'), goal], {
    env: { ...process.env, PATH: join(root, 'path') },
    encoding: 'utf8',
  });
  return { status, words: stderr };
}

function calls(): string[] {
  const path = join(root, 'calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

test('where nothing can be installed, it names what to install on each distribution', () => {
  for (const name of NEEDED.filter((needed) => needed !== 'virsh')) program(name);
  const { status, words } = setup('demo');
  expect(status).toBe(1);
  expect(words).toContain('virsh: virsh');
  expect(words).toContain('apt-get install --no-install-recommends libvirt-clients');
  expect(words).toContain('dnf install --setopt=install_weak_deps=False libvirt-client');
  expect(words).toContain('pacman -S --needed libvirt');
  expect(calls()).toEqual(['node --version']);
});

test('the emulator of Enterprise Linux is named for it', () => {
  for (const name of NEEDED.filter((needed) => needed !== 'qemu-system-x86_64')) program(name);
  const { words } = setup('demo');
  expect(words).toMatch(/Fedora: .* qemu-system-x86-core/);
  expect(words).toMatch(/EL 10: .* qemu-kvm-core/);
});

test('what is missing is installed by apt-get, only that, and then the node packages', () => {
  for (const name of NEEDED.filter((needed) => !needed.startsWith('qemu-'))) program(name);
  program('sudo', '"$@"');
  program('apt-cache', 'echo "$3 - a package"');
  const appear = NEEDED.filter((name) => name.startsWith('qemu-')).map(
    (name) => `cp ${root}/path/as ${root}/path/${name}`,
  );
  program('apt-get', `[[ "$*" != *" install "* ]] || { ${appear.join('; ')}; }`);
  const { status, words } = setup('demo');
  expect(words).not.toContain('Missing');
  expect(status).toBe(0);
  const apt = calls().filter((call) => call.startsWith('apt-get'));
  expect(apt).toEqual([
    expect.stringMatching(/ update$/),
    expect.stringMatching(/ install --no-install-recommends -y qemu-system-x86 qemu-utils$/),
  ]);
  expect(calls().at(-1)).toBe('npm install --no-save --no-audit --no-fund');
});

test('packages without the needed programs are not a success', () => {
  program('sudo', '"$@"');
  program('apt-cache', 'echo "$3 - a package"');
  program('apt-get');
  const { status, words } = setup('demo');
  expect(status).toBe(1);
  expect(words).toContain('do not bring everything');
  expect(calls().join()).not.toContain('npm install');
});

test('a second run only checks', () => {
  for (const name of NEEDED) program(name);
  expect(setup('demo')).toEqual({ status: 0, words: 'setup: installing node packages\n' });
  expect(setup('demo')).toEqual({ status: 0, words: '' });
  expect(calls().filter((call) => call.startsWith('npm'))).toHaveLength(1);
});

test('node packages older than the lock file are installed again', () => {
  for (const name of NEEDED) program(name);
  setup('demo');
  const later = Date.now() / 1000 + 60;
  utimesSync(join(root, 'project/package-lock.json'), later, later);
  setup('demo');
  expect(calls().filter((call) => call.startsWith('npm'))).toHaveLength(2);
});

test('a Linux guest for the tests is unpacked from what apt-get downloads, once, and nothing is installed', () => {
  for (const name of [...NEEDED, ...NEEDED_BY_TESTS]) program(name);
  program('apt-cache', `[[ $2 != linux-image-* ]] || echo '  Depends: linux-image-6.1.0-9-cloud-amd64'`);
  program('apt-get', '[[ " $* " != *" download "* ]] || { shift 4; for name; do : > $name.deb; done; }');
  const files = ['boot/vmlinuz-9', 'usr/bin/busybox', 'usr/sbin/qemu-ga', 'usr/share/doc/busybox/busybox'];
  const modules = ['virtio', 'virtio_ring', 'virtio_blk', 'virtio_console', 'virtio_pci'];
  const inside = [
    ...files,
    ...[...modules, 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev'].map(moduleFile),
  ];
  program(
    'dpkg-deb',
    inside.map((path) => `mkdir -p $3/${path.replace(/\/[^/]*$/, '')}; echo ${path} > $3/${path}`).join('; '),
  );
  expect(setup('test')).toMatchObject({ status: 0, words: expect.not.stringContaining('no Linux guest') });
  const made = join(root, 'project/.linux');
  expect(readdirSync(made).toSorted()).toEqual([
    '1-virtio_ring.ko',
    '2-virtio.ko',
    '3-virtio_pci_legacy_dev.ko',
    '4-virtio_pci_modern_dev.ko',
    '5-virtio_pci.ko',
    '6-virtio_blk.ko',
    '7-virtio_console.ko',
    'busybox',
    'qemu-ga',
    'vmlinuz',
  ]);
  expect(readFileSync(join(made, 'busybox'), 'utf8')).toBe('usr/bin/busybox\n');
  const apt = () => calls().filter((call) => call.startsWith('apt-get'));
  expect(apt().map((call) => call.slice(call.indexOf(' download ')))).toEqual([
    ' download linux-image-6.1.0-9-cloud-amd64',
    ' download busybox-static',
    ' download qemu-guest-agent',
  ]);
  expect(setup('test')).toEqual({ status: 0, words: '' });
  expect(apt()).toHaveLength(3);
});

test('a kernel whose modules are compressed, or built in', () => {
  for (const name of [...NEEDED, ...NEEDED_BY_TESTS]) program(name);
  program('apt-cache', `[[ $2 != linux-image-* ]] || echo '  Depends: linux-image-6.12.1+deb13-cloud-amd64'`);
  program('apt-get', '[[ " $* " != *" download "* ]] || { shift 4; for name; do : > $name.deb; done; }');
  const builtIn = ['virtio', 'virtio_ring', 'virtio_console', 'virtio_pci'];
  const names = [...builtIn, 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev'].map(
    (name) => `kernel/drivers/virtio/${name}.ko\\n`,
  );
  const files = ['boot/vmlinuz-9', 'usr/bin/busybox', 'usr/sbin/qemu-ga', `${moduleFile('virtio_blk')}.xz`];
  program(
    'dpkg-deb',
    [
      ...files.map((path) => `mkdir -p $3/${path.replace(/\/[^/]*$/, '')}; echo ${path} > $3/${path}`),
      `printf '${names.join('')}' > $3/usr/lib/modules/9/modules.builtin`,
    ].join('; '),
  );
  expect(setup('test')).toMatchObject({ status: 0, words: expect.not.stringContaining('no Linux guest') });
  expect(readdirSync(join(root, 'project/.linux')).toSorted()).toEqual([
    '1-virtio_blk.ko',
    'busybox',
    'qemu-ga',
    'vmlinuz',
  ]);
});

test('a kernel in several packages, none of them in /boot', () => {
  for (const name of [...NEEDED, ...NEEDED_BY_TESTS]) program(name);
  const version = '7.2.13+deb14-cloud-amd64';
  program(
    'apt-cache',
    `case $2 in
      linux-image-cloud-amd64) echo "  Depends: linux-base-cloud-amd64"; echo "  Depends: linux-image-${version}" ;;
      linux-image-*) for part in base binary modules; do echo "  Depends: linux-$part-${version}"; done
        echo " |Depends: dracut"; echo "  Depends: <linux-initramfs-tool>" ;;
    esac`,
  );
  program('apt-get', '[[ " $* " != *" download "* ]] || { shift 4; for name; do : > $name.deb; done; }');
  const folder = `usr/lib/modules/${version}`;
  const builtIn = ['virtio', 'virtio_ring', 'virtio_console', 'virtio_pci'];
  const names = [...builtIn, 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev'].map(
    (name) => `kernel/drivers/virtio/${name}.ko\\n`,
  );
  const put = (path: string) => `mkdir -p $3/${path.replace(/\/[^/]*$/, '')}; echo ${path} > $3/${path};;`;
  program(
    'dpkg-deb',
    `case $2 in
      */linux-base-*) mkdir -p $3/${folder}; printf '${names.join('')}' > $3/${folder}/modules.builtin;;
      */linux-binary-*) ${put(`${folder}/vmlinuz`)}
      */linux-modules-*) ${put(`${folder}/kernel/drivers/block/virtio_blk.ko.xz`)}
      */busybox-*) ${put('usr/bin/busybox')}
      */qemu-*) ${put('usr/sbin/qemu-ga')}
    esac`,
  );
  expect(setup('test')).toMatchObject({ status: 0, words: expect.not.stringContaining('no Linux guest') });
  const made = join(root, 'project/.linux');
  expect(readdirSync(made).toSorted()).toEqual(['1-virtio_blk.ko', 'busybox', 'qemu-ga', 'vmlinuz']);
  expect(readFileSync(join(made, 'vmlinuz'), 'utf8')).toBe(`${folder}/vmlinuz\n`);
});

test('where no Linux guest is possible, only its tests go without', () => {
  for (const name of [...NEEDED, ...NEEDED_BY_TESTS]) program(name);
  expect(setup('test')).toMatchObject({
    status: 0,
    words: expect.stringContaining('There is no Linux guest here, so its tests will fail'),
  });
  expect(existsSync(join(root, 'project/.linux'))).toBe(false);
  expect(calls().at(-1)).toContain('npm install');
});

test('an old Node and an unknown goal are refused with a sentence', () => {
  program('node', 'echo v18.20.4');
  expect(setup('demo')).toMatchObject({
    status: 1,
    words: expect.stringMatching(/Node.js 20 or newer .* v18.20.4/),
  });
  expect(setup('party')).toMatchObject({ status: 2, words: 'usage: bin/setup start|demo|test\n' });
});
