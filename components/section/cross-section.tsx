'use client';

import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import type { CrossSection } from '../../model/content/cross-section.ts';
import type { Chain } from '../../model/fleet/chain.ts';
import { isActive } from '../../model/fleet/guest.ts';
import { imageName } from '../../model/fleet/image.ts';
import { ChainHeader } from '../chain/chain-header.tsx';
import type { ChainInView } from '../chain/chain-in-view.ts';
import { branchFactsOf, factsOf, oddRecords, recordedIn } from '../chain/facts.ts';
import { useChainFacts } from '../chain/use-chain-facts.ts';
import { problemOf } from '../live/problem-of.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { Bands } from './bands.tsx';
import { BranchLegend } from './branch-legend.tsx';
import { Cursor } from './cursor.tsx';
import { positionAt } from './layer-bytes.ts';
import { Legend } from './legend.tsx';
import { Readout } from './readout.tsx';
import { SectionRow } from './section-row.tsx';
import { useCrossSection } from './use-cross-section.ts';
import { useCursorTexts } from './use-cursor-texts.ts';

/** One disk cut along its offset: a band for each image of its chain, solid where the guest reads it, pale where it is hidden. */
export function DiskSection(view: ChainInView) {
  const { guest, disk, chain, onSelect, operation } = view;
  const { target } = disk;
  const t = useTranslations('section');
  const { bytes } = useQuantity();
  const texts = useCursorTexts();
  const query = useCrossSection(guest, disk, chain, operation);
  const [pointed, setPointed] = useState<number | null>(null);
  const [kept, setKept] = useState<number | null>(null);
  const { input, under, base } = useChainFacts(view);
  const facts = useMemo(() => factsOf(input), [input]);
  const branches = useMemo(() => branchFactsOf(input, facts), [input, facts]);
  const section = isOf(chain, query.data ?? null);
  const cursor = section && within(section, pointed ?? kept);
  const position = section && cursor !== null ? positionAt(section, cursor) : null;
  const nameOf = (key: string) => {
    const image = chain.images.find((one) => one.key === key);
    return image === undefined ? key : imageName(image);
  };
  const unknown = section?.layers.filter(({ holds }) => holds === null).length ?? 0;
  return (
    <section
      className="flex h-full min-h-0 flex-col"
      aria-label={t('label', { guest: guest.name, target })}
      aria-busy={section === null && query.error === null}
    >
      <ChainHeader
        of={{ disk, chain }}
        odd={oddRecords(recordedIn(input), target)}
        picked={base}
        busy={under !== null}
        onPick={onSelect}
      />
      <Legend />
      <BranchLegend branches={branches} target={target} />
      <div className="min-h-0 flex-1 overflow-auto px-[20px] py-2 max-sm:px-3">
        <table className="w-full table-fixed border-separate border-spacing-0">
          <caption className="sr-only">{t('caption', { guest: guest.name, target })}</caption>
          <thead className="text-2xs text-muted *:*:sticky *:*:top-0 *:*:z-10 *:*:bg-ground *:*:pb-1 *:*:font-medium">
            <tr>
              <th scope="col" className="w-1/4 max-w-56 min-w-20 text-left max-sm:w-1/3">
                {t('image')}
              </th>
              <th scope="col">
                <span className="flex justify-between">
                  <span>0</span>
                  <span className="max-sm:sr-only">{t('axis')}</span>
                  <span>{section ? bytes(section.size) : ''}</span>
                </span>
              </th>
              <th scope="col" className="w-20 pl-3 text-right max-sm:w-15 max-sm:pl-1.5">
                {t('read')}
              </th>
              <th scope="col" className="w-20 pl-3 text-right max-sm:w-15 max-sm:pl-1.5">
                {t('hidden')}
              </th>
            </tr>
          </thead>
          <tbody>
            {facts.map((one, depth) => (
              <SectionRow
                key={one.image.key}
                facts={one}
                layer={section?.layers[depth] ?? null}
                target={target}
                picked={one.image.key === base}
                onSelect={onSelect}
              >
                {depth === 0 && (
                  <td rowSpan={facts.length} className="relative p-0">
                    <Bands section={section} depth={facts.length} />
                    {section && section.buckets > 0 && (
                      <Cursor
                        section={section}
                        at={cursor}
                        text={position ? texts.sentence(position, nameOf) : t('nowhere')}
                        onPoint={setPointed}
                        onKeep={setKept}
                      />
                    )}
                  </td>
                )}
              </SectionRow>
            ))}
          </tbody>
        </table>
        {query.error && <ProblemNote problem={problemOf(query.error)} role="alert" className="mt-3" />}
        {unknown > 0 && <p className="mt-3 text-2xs text-warn">{t('unknownText', { count: unknown })}</p>}
        {isActive(guest) && <p className="mt-3 text-2xs text-muted">{t('running')}</p>}
      </div>
      <Readout position={position} images={chain.images} />
    </section>
  );
}

/** What is known of another chain, such as that before an operation ended, says nothing of this one. */
function isOf(chain: Chain, section: CrossSection | null): CrossSection | null {
  const same =
    section?.layers.length === chain.images.length &&
    section.layers.every(({ key }, position) => key === chain.images[position]?.key);
  return same ? section : null;
}

/** Another section may have fewer buckets. */
function within({ buckets }: CrossSection, bucket: number | null): number | null {
  return bucket !== null && bucket < buckets ? bucket : null;
}
