'use client';

import { useTranslations } from 'next-intl';
import type { Intent } from '../../model/kinds/kinds.ts';
import type { EndJobIntent } from '../../model/plans/fixes/end-job.ts';
import type { RewriteHeaderIntent } from '../../model/plans/fixes/rewrite-header.ts';
import { CheckField } from '../ui/check-field.tsx';
import { RadioGroup } from '../ui/radio-group.tsx';
import { TextField } from '../ui/text-field.tsx';

/** What of a fix is the operator's choice. */
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
    <RadioGroup
      label={t('how')}
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
      <RadioGroup
        label={t('format')}
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
