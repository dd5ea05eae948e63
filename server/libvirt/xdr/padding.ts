/** XDR fills every variable-length value up to a multiple of four bytes. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}
