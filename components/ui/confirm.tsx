'use client';

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';

/** A question that has to be answered before anything else: the browser's own modal dialog. */
export function Confirm({
  title,
  children,
  yes,
  no,
  busy = false,
  onYes,
  onClose,
}: {
  title: string;
  children: ReactNode;
  yes: string;
  no: string;
  busy?: boolean;
  onYes: () => void;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto w-[26rem] max-w-[calc(100vw-32px)] rounded-lg border border-line bg-panel p-4 text-text backdrop:bg-black/50"
    >
      <h2 id={titleId} className="text-base font-semibold">
        {title}
      </h2>
      <div className="mt-1.5 text-muted">{children}</div>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={() => dialog.current?.close()}>{no}</Button>
        <Button variant="danger" disabled={busy} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}
