import { type ReactNode, useId } from 'react';

/** What ties a control to its label and to what is wrong with it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

/** A control under its label, with what is wrong with it below. */
export function Labelled({
  label,
  problem = null,
  more,
  children,
}: {
  label: string;
  problem?: string | null;
  /** What stands below both. */
  more?: ReactNode;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const told = problem === null ? undefined : `${id}-problem`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-2xs text-muted">
        {label}
      </label>
      {children({ id, 'aria-invalid': problem !== null, 'aria-describedby': told })}
      {problem !== null && (
        <p id={told} className="text-2xs wrap-anywhere text-bad">
          {problem}
        </p>
      )}
      {more}
    </div>
  );
}

const BOX = 'w-full min-w-0 rounded-md border border-line-strong bg-raised px-2 aria-invalid:border-bad';

/** How a control of one line looks. */
export const CONTROL = `${BOX} h-8`;

/** The same for one that grows with its text. */
export const TEXT_BOX = `${BOX} min-h-8 py-1.5`;
