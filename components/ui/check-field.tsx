'use client';

import type { ReactNode } from 'react';

/** Something that is wanted or not, with what it means. */
export function CheckField({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
}: {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="flex cursor-pointer items-start gap-2">
      <input
        type="checkbox"
        className="mt-1 accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="min-w-0">
        {label}
        {hint !== undefined && <span className="block text-2xs wrap-anywhere text-muted">{hint}</span>}
      </span>
    </label>
  );
}
