import type { Severity } from '../../model/doctor/finding.ts';
import { classNames } from '../ui/class-names.ts';

const SIGNS = {
  bad: { sign: '✕', ink: 'text-bad' },
  warn: { sign: '▲', ink: 'text-warn' },
  note: { sign: '·', ink: 'text-muted' },
} as const;

/** How bad a finding is, by shape and colour; the words stand beside it. */
export function SeveritySign({ severity }: { severity: Severity }) {
  const { sign, ink } = SIGNS[severity];
  return (
    <span aria-hidden className={classNames('w-3 shrink-0 text-center text-2xs leading-5', ink)}>
      {sign}
    </span>
  );
}
