import { DEFAULT_RESERVE, type Reserve } from '../../model/fleet/free-space.ts';

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Throws where the setting is no amount: a typo must not give away the space that guests write to. */
export function reserveSetting(wanted: string | undefined): Reserve {
  if (wanted === undefined) return DEFAULT_RESERVE;
  const percent = /^(\d{1,2})%$/.exec(wanted);
  if (percent !== null) return { share: Number(percent[1]) / 100, most: Number.MAX_SAFE_INTEGER };
  const [, digits, unit = ''] = /^(\d{1,12})([KMGT])?$/.exec(wanted) ?? [];
  const most = Number(digits) * (UNITS[unit] ?? 1);
  if (digits !== undefined && most <= Number.MAX_SAFE_INTEGER) return { share: 1, most };
  throw new Error(`BACKCHAIN_RESERVE is ${wanted}: give bytes, such as 20G or 500M, or a share, such as 5%`);
}
