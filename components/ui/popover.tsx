'use client';

import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

/** A small panel that opens beside its trigger. `trigger` is a button. */
export function Popover({
  trigger,
  label,
  open,
  onOpenChange,
  side = 'top',
  children,
}: {
  trigger: ReactNode;
  label: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  side?: 'top' | 'bottom';
  children: ReactNode;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          side={side}
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className="z-40 w-72 max-w-[calc(100vw-16px)] rounded-lg border border-line bg-panel p-3 outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
