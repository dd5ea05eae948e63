'use client';

import type { Guest, IoError } from '../../model/fleet/guest.ts';
import { ResumeGuest } from './resume-guest.tsx';
import { useStopTexts } from './use-stop-texts.ts';

/** Why QEMU paused the guest, and what lets it go on. */
export function IoErrorNote({ guest, ioError }: { guest: Guest; ioError: IoError }) {
  const { title, text } = useStopTexts()(guest, ioError);
  return (
    <div
      role="alert"
      className="mx-4 mt-2.5 flex flex-wrap items-start gap-x-4 gap-y-2 rounded-lg border border-l-2 border-line border-l-bad bg-raised p-3"
    >
      <div className="min-w-60 flex-1 wrap-anywhere">
        <p className="font-medium">
          <span aria-hidden className="mr-2 inline-block size-[7px] rounded-[1px] bg-bad align-middle" />
          {title}
        </p>
        <p className="mt-0.5 text-muted">{text}</p>
      </div>
      <ResumeGuest guest={guest} />
    </div>
  );
}
