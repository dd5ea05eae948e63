import type { DiskCheck } from './check.ts';

/** A block job that no operation has. Whoever started it may be gone, and a job that is ready waits forever. */
export const foreignJob: DiskCheck = ({ target, job }, { busy }) => {
  if (job === null || busy) return [];
  const code = job.ready ? 'JOB_READY' : 'JOB_UNKNOWN';
  // An abort changes nothing that the guest reads, so it is what the fix proposes.
  const fix = { kind: 'plan', intent: { kind: 'end-job', target, how: 'abort' } } as const;
  return [{ code, severity: 'warn', params: { job: job.kind }, fix }];
};
