'use client';

import type { KeyboardEvent } from 'react';
import { Button } from './button.tsx';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** What it does, or why it can't be chosen. */
  readonly hint: string;
  readonly unavailable: boolean;
}

/** What can be chosen in a popover; the arrow keys lead from one to the next. One that can't be chosen says why. */
export function MenuList<Item extends MenuItem>({
  items,
  onChoose,
}: {
  items: readonly Item[];
  onChoose: (item: Item) => void;
}) {
  return (
    <ul className="-m-1.5" onKeyDown={moveBetweenItems}>
      {items.map((item) => (
        <li key={item.key}>
          <Button
            variant="bare"
            aria-disabled={item.unavailable}
            onClick={() => !item.unavailable && onChoose(item)}
            className="block w-full rounded-md px-2 py-1.5 text-left hover:bg-hover aria-disabled:opacity-60 aria-disabled:hover:bg-transparent"
          >
            <span className="block font-medium">{item.label}</span>
            <span className="block text-2xs text-muted">{item.hint}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

function moveBetweenItems(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = items.findIndex((item) => item.matches(':focus'));
  items.at((at + step) % items.length)?.focus();
}
