'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { EndJobIntent } from '../../model/plans/fixes/end-job.ts';
import type { RewriteHeaderIntent } from '../../model/plans/fixes/rewrite-header.ts';
import { CheckField } from '../ui/check-field.tsx';
import { TextField } from '../ui/text-field.tsx';

/** What of a cure is the operator's choice. */
export function FixFields({ intent, onChange }: { intent: Intent; onChange: (intent: Intent) => void }) {
  switch (intent.kind) {
    case 'end-job':
      return <EndJobFields intent={intent} onChange={onChange} />;
    case 'rewrite-header':
      return <HeaderFields intent={intent} onChange={onChange} />;
    default:
      return null;
  }
}

interface FieldsOf<Of extends Intent> {
  readonly intent: Of;
  readonly onChange: (intent: Of) => void;
}

function EndJobFields({ intent, onChange }: FieldsOf<EndJobIntent>) {
  const t = useTranslations('doctor');
  return (
    <Radios
      legend={t('how')}
      value={intent.how}
      options={(['abort', 'pivot'] as const).map((value) => ({
        value,
        label: t(`hows.${value}`),
        hint: t(`howHints.${value}`),
      }))}
      onChange={(how) => onChange({ ...intent, how })}
    />
  );
}

function HeaderFields({ intent, onChange }: FieldsOf<RewriteHeaderIntent>) {
  const t = useTranslations('doctor');
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={t('backing')}
        value={intent.backing}
        onChange={(backing) => onChange({ ...intent, backing })}
      />
      <Radios
        legend={t('format')}
        value={intent.format}
        options={(['qcow2', 'raw'] as const).map((value) => ({ value, label: value }))}
        onChange={(format) => onChange({ ...intent, format })}
      />
      <CheckField
        label={t('changes')}
        hint={t('changesHint')}
        checked={intent.contentMayChange}
        onChange={(changes) => onChange({ ...intent, contentMayChange: changes })}
      />
    </div>
  );
}

function Radios<T extends string>({
  legend,
  value,
  options,
  onChange,
}: {
  legend: string;
  value: T;
  options: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-2xs text-muted">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="flex cursor-pointer items-start gap-2">
          <input
            type="radio"
            name={id}
            className="mt-1 accent-accent"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span className="block text-2xs text-muted">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
