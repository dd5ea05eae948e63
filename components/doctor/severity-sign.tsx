import type { Severity } from '../../model/doctor/finding.ts';
import { Sign } from '../ui/sign.tsx';

const SIGNS = { bad: 'failed', warn: 'warning', note: 'note' } as const;

/** The severity of a finding, by shape and colour; its text is beside it. */
export function SeveritySign({ severity }: { severity: Severity }) {
  return <Sign name={SIGNS[severity]} className="leading-5" />;
}
