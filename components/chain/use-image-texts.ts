import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type Image, imageName } from '../../model/fleet/image.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { type ImageFacts, isInChain } from './facts.ts';
import { jobText } from './job-text.ts';
import type { Outcome } from './outcome.ts';

export interface State {
  readonly kind: Outcome | 'locked' | 'missing' | 'shared' | 'branches' | 'spoils' | 'trait';
  readonly text: string;
}

/** The texts about an image, the same in the graph, the table and the panel. */
export function useImageTexts(target: string) {
  const t = useTranslations('graph');
  const snapshots = useTranslations('snapshotStates');
  const { bytes, bytesParts } = useQuantity();
  const locale = useLocale();
  return useMemo(() => {
    const list = new Intl.ListFormat(locale, { type: 'conjunction' });
    const format = (image: Image) => image.format ?? t('formatUnknown');
    const index = (image: Image) => (image.index === null ? null : `${target}[${image.index}]`);
    const allocated = (image: Image) =>
      image.allocated === null ? t('sizeUnknown') : bytes(image.allocated);

    /** Allocated and virtual size; the unit is named once if both have the same. */
    const size = (image: Image) => {
      if (image.allocated === null && image.virtualSize === null) return t('sizeUnknown');
      if (image.allocated === null) return t('virtualOnly', { size: bytes(image.virtualSize ?? 0) });
      if (image.virtualSize === null) return t('allocatedOnly', { size: bytes(image.allocated) });
      const [part, whole] = [bytesParts(image.allocated), bytesParts(image.virtualSize)];
      const first = part.unit === whole.unit ? part.number : `${part.number} ${part.unit}`;
      return t('allocatedOf', { part: first, whole: `${whole.number} ${whole.unit}` });
    };

    const place = (facts: ImageFacts) =>
      facts.place === 'between'
        ? null
        : facts.place === 'active' && facts.depth === 1
          ? t('only')
          : t(facts.place);

    const traits = ({ traits: found }: Image) =>
      [
        found.internalSnapshots > 0 && t('internalSnapshots', { count: found.internalSnapshots }),
        found.encrypted && t('encrypted'),
        found.dataFile && t('dataFile'),
        found.extendedL2 && t('extendedL2'),
      ].filter((text) => text !== false);

    const states = (facts: ImageFacts): readonly State[] => {
      const { image, outcome, lockedBy, others, readers } = facts;
      const inChain = isInChain(facts);
      const found: State[] = [];
      if (image.missing) found.push({ kind: 'missing', text: t('missing') });
      if (outcome) found.push({ kind: outcome, text: t(outcome) });
      if (lockedBy && outcome === null)
        found.push({ kind: 'locked', text: t('lockedBy', { job: jobText(lockedBy) }) });
      if (facts.spoils) found.push({ kind: 'spoils', text: t(inChain ? 'spoils' : 'wouldChange') });
      else if (inChain && readers.length > 0) found.push({ kind: 'branches', text: t('backsBranch') });
      if (facts.endsUnknown) found.push({ kind: 'trait', text: t('backingUnknown') });
      if (others.length > 0) found.push({ kind: 'shared', text: t('shared', { count: others.length + 1 }) });
      return [...found, ...traits(image).map((text) => ({ kind: 'trait', text }) as const)];
    };

    /** The snapshots of branches that rest on an image, without those that froze it. */
    const resting = ({ readers, flags }: ImageFacts) => {
      const names = readers
        .map(({ name }) => name)
        .filter((name) => !flags.some((flag) => flag.name === name));
      return names.length === 0 ? null : t('resting', { count: names.length, names: list.format(names) });
    };

    /** Everything about one image in a sentence, for screen readers. */
    const sentence = (facts: ImageFacts) =>
      [
        imageName(facts.image),
        format(facts.image),
        index(facts.image),
        place(facts),
        size(facts.image),
        ...states(facts).map(({ text }) => text),
        ...facts.others.map((user) => t('alsoOn', { guest: user.guestName, target: user.target })),
        ...facts.flags.map(({ name, state }) =>
          state === 'good'
            ? t('record', { name })
            : t('recordIn', { name, state: snapshots('label', { state }) }),
        ),
        facts.restsOn === null ? null : t('restsOn', { image: facts.restsOn }),
        resting(facts),
      ]
        .filter((text) => text !== null)
        .join(', ');

    return { format, index, allocated, size, place, traits, states, sentence };
  }, [t, snapshots, bytes, bytesParts, locale, target]);
}
