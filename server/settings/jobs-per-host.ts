/** Operations with work for QEMU at a time on one host. */
export const DEFAULT_JOBS_PER_HOST = 2;

/** `BACKCHAIN_JOBS_PER_HOST`. Throws where the setting is no number of jobs: a typo must not lift the limit. */
export function jobsPerHostSetting(wanted: string | undefined): number {
  if (wanted === undefined) return DEFAULT_JOBS_PER_HOST;
  if (/^[1-9]\d?$/.test(wanted)) return Number(wanted);
  throw new Error(`BACKCHAIN_JOBS_PER_HOST is ${wanted}: give a number from 1 to 99`);
}
