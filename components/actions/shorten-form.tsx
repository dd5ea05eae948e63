'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { imageName } from '../../model/fleet/image.ts';
import { intentFor, type StrategyName } from '../../model/kinds/strategy.ts';
import type { FlattenIntent } from '../../model/plans/flatten.ts';
import type { Goal } from '../../model/plans/shorten/goal.ts';
import type { ShortenIntent } from '../../model/plans/shorten/shorten.ts';
import { shortened } from '../plan/shortened.ts';
import { CheckField } from '../ui/check-field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import type { ActionAt } from './action.ts';
import { type FieldsProps, formOf } from './form-of.tsx';
import { StrategyChoice } from './strategy-choice.tsx';

type Shortening = FlattenIntent | ShortenIntent;

const HALF = 2;

export default formOf<Shortening>(
  ({ disk }) => ({
    kind: 'shorten',
    target: disk.target,
    goal: { kind: 'at-most', images: Math.ceil((disk.chain?.images.length ?? 1) / HALF) },
    strategy: 'cheapest',
    pinned: [],
    forgetAfter: true,
  }),
  ShortenFields,
);

/** What should be left of a chain, what must stay as it is, and the ways to it. */
function ShortenFields({ at, intent, onChange }: FieldsProps<Shortening>) {
  const t = useTranslations('actions');
  const chain = at.disk.chain ?? { images: [] };
  const { images } = chain;
  const [wanted, setWanted] = useState<Goal>(() => wantedOf(intent, at));
  const [pinned, setPinned] = useState<readonly string[]>([]);
  const strategy: StrategyName = intent.kind === 'flatten' ? 'pull' : intent.strategy;
  const options = images.map((image) => ({ value: image.key, label: shortened(imageName(image)) }));

  function tell(next: {
    wanted?: Goal;
    pinned?: readonly string[];
    strategy?: StrategyName;
    forgetAfter?: boolean;
  }) {
    const all = { wanted, pinned, strategy, forgetAfter: intent.forgetAfter, ...next };
    setWanted(all.wanted);
    setPinned(all.pinned);
    const { target } = at.disk;
    const asked = intentFor(all.strategy, chain, target, all.wanted, all.pinned, all.forgetAfter);
    const { wanted: goal, ...choices } = all;
    onChange(asked ?? { ...choices, goal, kind: 'shorten', target, strategy: 'cheapest' });
  }

  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label={t('shorten.wanted')}
        options={[
          { value: 'at-most', label: t('shorten.atMost') },
          { value: 'above', label: t('shorten.above') },
          { value: 'only', label: t('shorten.only') },
        ]}
        value={wanted.kind}
        onChange={(kind) => tell({ wanted: firstOf(kind, at) })}
      />
      {wanted.kind === 'at-most' ? (
        <SelectField
          label={t('shorten.images')}
          options={images.slice(1).map((_, i) => ({ value: String(i + 1), label: String(i + 1) }))}
          value={String(wanted.images)}
          onChange={(count) => tell({ wanted: { kind: 'at-most', images: Number(count) } })}
        />
      ) : (
        <SelectField
          label={t('shorten.image')}
          options={wanted.kind === 'above' ? options.slice(1) : options}
          value={wanted.kind === 'above' ? wanted.base : wanted.image}
          onChange={(key) =>
            tell({
              wanted: wanted.kind === 'above' ? { kind: 'above', base: key } : { kind: 'only', image: key },
            })
          }
        />
      )}
      <details>
        <summary className="text-2xs text-muted">{t('shorten.pinned', { count: pinned.length })}</summary>
        <div className="mt-2 flex max-h-48 flex-col gap-1.5 overflow-y-auto">
          {images.map(({ key }, i) => (
            <CheckField
              key={key}
              label={options[i]?.label ?? key}
              checked={pinned.includes(key)}
              onChange={(kept) =>
                tell({ pinned: kept ? [...pinned, key] : pinned.filter((one) => one !== key) })
              }
            />
          ))}
        </div>
      </details>
      <StrategyChoice
        at={at}
        wanted={wanted}
        pinned={pinned}
        strategy={strategy}
        onChange={(name) => tell({ strategy: name })}
      />
      <CheckField
        label={t('flatten.forgetAfter')}
        hint={t('flatten.forgetHint')}
        checked={intent.forgetAfter}
        onChange={(forgetAfter) => tell({ forgetAfter })}
      />
    </div>
  );
}

function wantedOf(intent: Shortening, at: ActionAt): Goal {
  return intent.kind === 'shorten' ? intent.goal : firstOf('at-most', at);
}

function firstOf(kind: string, { disk, picked }: ActionAt): Goal {
  const images = disk.chain?.images ?? [];
  const lowest = images.at(-1)?.key ?? '';
  if (kind === 'above') return { kind, base: picked ?? lowest };
  if (kind === 'only') return { kind, image: picked ?? images[0]?.key ?? '' };
  return { kind: 'at-most', images: Math.ceil(images.length / HALF) };
}
