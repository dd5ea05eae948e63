'use client';

import { useTranslations } from 'next-intl';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { EndJobIntent } from '../../model/plans/fixes/end-job.ts';
import type { RewriteHeaderIntent } from '../../model/plans/fixes/rewrite-header.ts';
import { flag, oneOf, text } from '../address/fields.ts';
import { type FieldsProps, formOf } from '../plan/form-of.tsx';
import { CheckField } from '../ui/check-field.tsx';
import { RadioGroup } from '../ui/radio-group.tsx';
import { TextField } from '../ui/text-field.tsx';

const HOWS = ['abort', 'pivot'] as const;
const FORMATS = ['qcow2', 'raw'] as const;

type EndJobValues = Pick<EndJobIntent, 'how'>;
type HeaderValues = Pick<RewriteHeaderIntent, 'backing' | 'format' | 'contentMayChange'>;

const END_JOB = formOf<EndJobValues, EndJobIntent>(
  {
    fields: { how: oneOf(HOWS) },
    initial: (fix) => fix,
    intent: (values, fix) => ({ ...fix, ...values }),
  },
  EndJobControls,
);

const HEADER = formOf<HeaderValues, RewriteHeaderIntent>(
  {
    fields: { backing: text, format: oneOf(FORMATS), contentMayChange: flag },
    initial: (fix) => fix,
    intent: (values, fix) => ({ ...fix, ...values }),
  },
  HeaderControls,
);

/** The fix that is proposed, as the query has it changed. */
export function fixFrom(query: URLSearchParams, fix: Intent): Intent {
  switch (fix.kind) {
    case 'end-job':
      return END_JOB.intentFrom(query, fix) ?? fix;
    case 'rewrite-header':
      return HEADER.intentFrom(query, fix) ?? fix;
    default:
      return fix;
  }
}

/** What of a fix is the operator's choice. */
export function FixControls({
  fix,
  ...rest
}: {
  fix: Intent;
  query: URLSearchParams;
  onQuery: (query: URLSearchParams) => void;
}) {
  switch (fix.kind) {
    case 'end-job':
      return <END_JOB.Controls at={fix} plan={null} {...rest} />;
    case 'rewrite-header':
      return <HEADER.Controls at={fix} plan={null} {...rest} />;
    default:
      return null;
  }
}

function EndJobControls({ values, onChange }: FieldsProps<EndJobValues, EndJobIntent>) {
  const t = useTranslations('doctor');
  return (
    <RadioGroup
      label={t('how')}
      value={values.how}
      options={HOWS.map((value) => ({ value, label: t(`hows.${value}`), hint: t(`howHints.${value}`) }))}
      onChange={(how) => onChange({ how })}
    />
  );
}

function HeaderControls({ values, onChange }: FieldsProps<HeaderValues, RewriteHeaderIntent>) {
  const t = useTranslations('doctor');
  return (
    <div className="flex flex-col gap-4">
      <TextField label={t('backing')} value={values.backing} onChange={(backing) => onChange({ backing })} />
      <RadioGroup
        label={t('format')}
        value={values.format}
        options={FORMATS.map((value) => ({ value, label: value }))}
        onChange={(format) => onChange({ format })}
      />
      <CheckField
        label={t('changes')}
        hint={t('changesHint')}
        checked={values.contentMayChange}
        onChange={(contentMayChange) => onChange({ contentMayChange })}
      />
    </div>
  );
}
