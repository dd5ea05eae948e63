/** The unix socket that a URI leads to, `null` for hosts elsewhere. */
export function localSocket(uri: string): string | null {
  const url = new URL(uri);
  if (url.host !== '' || !['qemu:', 'qemu+unix:'].includes(url.protocol)) return null;
  const named = url.searchParams.get('socket');
  if (named !== null) return named;
  if (url.pathname === '/system') return '/run/libvirt/libvirt-sock';
  return `${process.env.XDG_RUNTIME_DIR ?? ''}/libvirt/libvirt-sock`;
}
