'use client';

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button, type ButtonProps } from './button.tsx';

/** Pixels between the panel and its button, and between the panel and the window's edge. */
const GAP = 10;

/**
 * A button with a small panel that opens beside it: the browser's own popover, which closes by Escape or by a click
 * elsewhere and gives the focus back. What is in it is made when it opens.
 */
export function Popover({
  label,
  side = 'top',
  button,
  children,
}: {
  label: string;
  side?: 'top' | 'bottom';
  button: Omit<ButtonProps, 'id' | 'popoverTarget'>;
  children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  // The browser opens it also before this script runs, and nobody hears of that.
  useEffect(() => setOpen(panel.current?.matches(':popover-open') ?? false), []);

  useEffect(() => {
    if (!open || panel.current === null) return;
    const anchor = document.getElementById(`${id}-button`);
    const pane = anchor?.closest('aside')?.getBoundingClientRect();
    if (anchor) place(panel.current, anchor.getBoundingClientRect(), side, pane);
    panel.current.querySelector<HTMLElement>('input:not([type="radio"]), input:checked, button')?.focus();
  }, [open, id, side]);

  return (
    <>
      <Button {...button} id={`${id}-button`} popoverTarget={id} />
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === 'open')}
        className="fixed inset-auto w-72 max-w-[calc(100vw-16px)] rounded-lg border border-line bg-panel p-3 text-text"
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

/**
 * The panel's right edge is at the button's, or the left edges at each other where that is in the same pane, as far as the
 * window allows; on the other side where there is too little space on this one.
 */
function place(panel: HTMLElement, button: DOMRect, side: 'top' | 'bottom', pane: DOMRect | undefined) {
  const { clientWidth, clientHeight } = document.documentElement;
  const wanted =
    pane !== undefined && button.left + panel.offsetWidth <= pane.right
      ? clientWidth - button.left - panel.offsetWidth
      : clientWidth - button.right;
  const right = Math.min(wanted, clientWidth - panel.offsetWidth - GAP);
  panel.style.right = `${Math.max(right, GAP)}px`;
  const needed = panel.offsetHeight + 2 * GAP;
  const space = { top: button.top, bottom: clientHeight - button.bottom };
  const other = side === 'top' ? 'bottom' : 'top';
  const chosen = space[side] < needed && space[other] > space[side] ? other : side;
  panel.style.top = chosen === 'bottom' ? `${button.bottom + GAP}px` : '';
  panel.style.bottom = chosen === 'top' ? `${clientHeight - button.top + GAP}px` : '';
}
