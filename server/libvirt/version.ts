/** The text of a version, libvirt's own or QEMU's, that libvirt gives as one number: 9002003 is 9.2.3. */
export function versionText(version: bigint): string {
  return [version / 1_000_000n, (version / 1000n) % 1000n, version % 1000n].join('.');
}
