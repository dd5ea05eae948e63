const MIB = 2 ** 20;
/** More than any disk does, and still exact in libvirt's and JavaScript's numbers. */
const MOST = 2 ** 30;

/** What was typed as MiB per second, in bytes per second; empty is 0, no limit. `null` for what can't be one. */
export function speedFrom(typed: string): number | null {
  const text = typed.trim();
  if (!/^\d{0,10}$/.test(text)) return null;
  const speed = Number(text || '0');
  return speed <= MOST ? speed * MIB : null;
}

/** A speed for the field to begin with. */
export function speedField(bytesPerSecond: number): string {
  return bytesPerSecond === 0 ? '' : String(Math.max(1, Math.round(bytesPerSecond / MIB)));
}
