import { useId } from 'react';
import { TextInput, type TextInputProps } from '../ui/text-input.tsx';

/** A name or a password to type in, under its label, and below it what it may contain. */
export function CredentialField({
  label,
  hint,
  problemId,
  ...rest
}: TextInputProps & {
  label: string;
  hint?: string;
  /** Of the text that says what is wrong. */
  problemId?: string | undefined;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, problemId].filter(Boolean).join(' ');
  return (
    <div className="grid gap-1 text-xs text-muted">
      <label htmlFor={id}>{label}</label>
      <TextInput
        id={id}
        required
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={described || undefined}
        className="h-8 text-sm text-text"
        {...rest}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-2xs">
          {hint}
        </p>
      )}
    </div>
  );
}
