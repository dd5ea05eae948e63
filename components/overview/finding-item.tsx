'use client';

import { type Finding, findingKey } from '../../model/doctor/finding.ts';
import { doctorAddress } from '../address/doctor.ts';
import { guestAddress } from '../address/guest.ts';
import { FindingSummary } from '../doctor/finding-summary.tsx';
import { FixLink } from '../doctor/fix-link.tsx';
import { SeveritySign } from '../doctor/severity-sign.tsx';
import { ResumeGuest } from '../guest/resume-guest.tsx';
import { ForgetRecords } from './forget-records.tsx';

/** A finding with what fixes it: at once where a confirmation is enough, elsewhere on the page where it is planned. */
export function FindingItem({ finding }: { finding: Finding }) {
  return (
    <li className="flex items-start gap-3 border-line px-3 py-2 not-first:border-t">
      <SeveritySign severity={finding.severity} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        <FindingSummary finding={finding}>
          <FixAction finding={finding} />
        </FindingSummary>
      </div>
    </li>
  );
}

function FixAction({ finding }: { finding: Finding }) {
  const { hostId, uuid, guestName: name, fix } = finding;
  if (fix === null) return null;
  if (fix.kind === 'flatten')
    return <FixLink finding={finding} fix="flatten" href={guestAddress(finding, finding.target)} />;
  switch (fix.intent.kind) {
    case 'resume':
      return <ResumeGuest guest={{ hostId, uuid, name }} />;
    case 'forget':
      return <ForgetRecords guest={{ hostId, uuid, name }} names={fix.intent.names} />;
    default:
      return (
        <FixLink
          finding={finding}
          fix={fix.intent.kind}
          href={doctorAddress({ uuid, fix: findingKey(finding) })}
        />
      );
  }
}
