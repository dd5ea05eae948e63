'use client';

import { useTranslations } from 'next-intl';
import { knownFindings } from '../../model/doctor/doctor.ts';
import { SEVERITIES } from '../../model/doctor/finding.ts';
import type { Capabilities } from '../../model/fleet/capabilities.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { doctorAddress } from '../address/doctor.ts';
import { SeveritySign } from '../doctor/severity-sign.tsx';
import { Link } from '../ui/link.tsx';

/** How many findings of each severity a guest shows without being examined; they lead to the doctor. */
export function GuestFindings({
  guest,
  capabilities,
  busy,
}: {
  guest: Guest;
  capabilities: Capabilities;
  /** Targets of the disks that operations have. */
  busy: string;
}) {
  const t = useTranslations('overview');
  const doctor = useTranslations('doctor');
  const found = knownFindings(guest, capabilities, (target) => busy.split(' ').includes(target));
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: found.filter((one) => one.severity === severity).length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 0) return <span className="text-muted">–</span>;
  return (
    <Link
      href={doctorAddress({ uuid: guest.uuid })}
      aria-label={t('examineOf', {
        guest: guest.name,
        found: counts.map(({ severity, count }) => doctor(`counts.${severity}`, { count })).join(', '),
      })}
      variant="name"
      className="inline-flex gap-1.5"
    >
      {counts.map(({ severity, count }) => (
        <span key={severity} className="inline-flex items-center gap-0.5">
          <SeveritySign severity={severity} />
          {count}
        </span>
      ))}
    </Link>
  );
}
