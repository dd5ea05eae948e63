'use client';

import type { ReactNode } from 'react';
import { type Initial, Live } from '../live/live.tsx';
import { NoticeRegion, Notices, useNotify } from '../notices/notices.tsx';
import { Shell } from './shell.tsx';
import type { Theme } from './theme.ts';
import { KeepTheme } from './theme-choice.tsx';

/** Everything in the browser: live data below, the frame around the page. */
export function Dashboard({
  initial,
  name,
  keepTheme,
  children,
}: {
  initial: Initial;
  name: string;
  keepTheme: (theme: Theme) => Promise<void>;
  children: ReactNode;
}) {
  return (
    <KeepTheme value={keepTheme}>
      <Notices>
        <Announced initial={initial}>
          <Shell name={name}>{children}</Shell>
          <NoticeRegion />
        </Announced>
      </Notices>
    </KeepTheme>
  );
}

/** The live data, of whose operations the reader is notified. */
function Announced({ initial, children }: { initial: Initial; children: ReactNode }) {
  return (
    <Live initial={initial} signIn="/sign-in" onNews={useNotify()}>
      {children}
    </Live>
  );
}
