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
  /** What is below both. */
  more?: ReactNode;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const problemId = problem === null ? undefined : `${id}-problem`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-2xs text-muted">
        {label}
      </label>
      {children({ id, 'aria-invalid': problem !== null, 'aria-describedby': problemId })}
      {problem !== null && (
        <p id={problemId} className="text-2xs wrap-anywhere text-bad">
          {problem}
        </p>
      )}
      {more}
    </div>
  );
}
