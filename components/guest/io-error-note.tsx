'use client';

import { knownFindings } from '../../model/doctor/doctor.ts';
import { UNKNOWN_CAPABILITIES } from '../../model/fleet/capabilities.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { useFindingTexts } from '../doctor/use-finding-texts.ts';
import { GuestStateMark } from '../fleet/guest-state-mark.tsx';
import { ResumeGuest } from './resume-guest.tsx';

/** Why QEMU paused the guest, with the button that resumes it. Nothing where it did not. */
export function IoErrorNote({ guest }: { guest: Guest }) {
  const texts = useFindingTexts();
  const finding = knownFindings(guest, UNKNOWN_CAPABILITIES, () => true).find(
    ({ code }) => code === 'PAUSED_IO_ERROR',
  );
  if (finding === undefined) return null;
  const { title, text } = texts(finding);
  return (
    <div
      role="alert"
      className="mx-4 mt-2.5 flex flex-wrap items-start gap-x-4 gap-y-2 rounded-lg border border-l-2 border-line border-l-bad bg-raised p-3"
    >
      <div className="min-w-60 flex-1 wrap-anywhere">
        <p className="font-medium">
          <span className="mr-2">
            <GuestStateMark guest={guest} />
          </span>
          {title}
        </p>
        <p className="mt-0.5 text-muted">{text}</p>
      </div>
      <ResumeGuest guest={guest} />
    </div>
  );
}
