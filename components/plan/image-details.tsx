import { useTranslations } from 'next-intl';
import { branchReaders } from '../../model/fleet/branch.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import { type Image, imagePath } from '../../model/fleet/image.ts';
import { recordStates } from '../../model/fleet/record-state.ts';
import { recordsOn } from '../../model/fleet/snapshot-record.ts';
import { useImageTexts } from '../chain/use-image-texts.ts';
import { Copy } from '../ui/copy.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { Fact } from './fact.tsx';

/** Everything known of one image. */
export function ImageDetails({ image, guest, target }: { image: Image; guest: Guest; target: string }) {
  const t = useTranslations('plan');
  const ui = useTranslations('ui');
  const texts = useImageTexts(target);
  const { bytes } = useQuantity();
  const snapshots = useTranslations('snapshotStates');
  const states = recordStates(guest);
  const records = recordsOn(guest.records, target, image.key);
  const readers = branchReaders(guest, target).get(image.key) ?? [];
  const traits = texts.traits(image);
  const path = imagePath(image) ?? image.key;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-mono text-2xs wrap-anywhere">{path}</span>
        <Copy text={path} label={ui('copy')} done={ui('copied')} failed={ui('copyFailed')} />
      </div>
      {image.missing && <p className="text-bad">{t('missingNow')}</p>}
      <Fact term={t('format')}>{texts.format(image)}</Fact>
      <Fact term={t('source')}>{t('sourceKind', { kind: image.source.kind })}</Fact>
      {image.index !== null && <Fact term={t('index')}>{texts.index(image)}</Fact>}
      <Fact term={t('allocated')}>{texts.allocated(image)}</Fact>
      <Fact term={t('virtualSize')}>
        {image.virtualSize === null ? t('unknown') : bytes(image.virtualSize)}
      </Fact>
      {image.traits.clusterSize !== null && (
        <Fact term={t('clusterSize')}>{bytes(image.traits.clusterSize)}</Fact>
      )}
      {!image.traits.known && <Fact term={t('traits')}>{t('notInspected')}</Fact>}
      {traits.length > 0 && <Fact term={t('traits')}>{traits.join(', ')}</Fact>}
      {records.map(({ name }) => {
        const state = states.get(name) ?? 'unknown';
        return (
          <Fact key={name} term={t('record')}>
            {state === 'good' ? name : t('recordIn', { name, state: snapshots('label', { state }) })}
          </Fact>
        );
      })}
      {readers.map((name) => (
        <Fact key={name} term={t('branchOn')}>
          {t('recordIn', { name, state: snapshots('label', { state: states.get(name) ?? 'unknown' }) })}
        </Fact>
      ))}
    </div>
  );
}
