const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in binary units with three significant digits: `704 MiB`, `10.0 GiB`, `12 B`. */
export function formatBytes(bytes: number, locale: string): string {
  const { number, unit } = bytesParts(bytes, locale);
  return `${number} ${unit}`;
}

/** Bytes of several images together; a lower bound where one of them is unknown: `≥ 2.51 MiB`. */
export function formatSum(bytes: number, partial: boolean, locale: string): string {
  return `${partial ? '≥ ' : ''}${formatBytes(bytes, locale)}`;
}

/** A part of a whole; the unit is named once if both have the same: `1.31 of 3.12 GiB`. */
export function bytesParts(bytes: number, locale: string): { number: string; unit: string } {
  let size = Math.abs(bytes);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const number = numberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(bytes < 0 ? -size : size);
  return { number, unit: UNITS[unit] ?? 'B' };
}

/** Bytes per second: `306 MiB/s`. */
export function formatRate(bytesPerSecond: number, locale: string): string {
  return `${formatBytes(bytesPerSecond, locale)}/s`;
}

export function formatShare(share: number, locale: string): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** Milliseconds in at most two units: `6s`, `3m 20s`, `2h 5m`. Under a second: `0.4s`. */
export function formatDuration(milliseconds: number, locale: string): string {
  const part = (value: number, unit: string, maximumFractionDigits = 0) =>
    numberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits }).format(value);
  if (milliseconds < 9950) return part(milliseconds / 1000, 'second', 1);
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return part(seconds, 'second');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${part(minutes, 'minute')} ${part(seconds % 60, 'second')}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${part(hours, 'hour')} ${part(minutes % 60, 'minute')}`;
  return `${part(Math.floor(hours / 24), 'day')} ${part(hours % 24, 'hour')}`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Making one costs far more than using it. */
function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known;
}
