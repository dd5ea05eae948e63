import { useFormatter, useTranslations } from 'next-intl';
import { branchesOf } from '../../model/fleet/branch.ts';
import { activeOf, type Chain } from '../../model/fleet/chain.ts';
import type { Disk } from '../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import { imageName } from '../../model/fleet/image.ts';
import { RECORD_STATES, recordStates } from '../../model/fleet/record-state.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { CheckpointList } from './checkpoint-list.tsx';
import { Fact } from './fact.tsx';

/** What there is while nothing is picked, and what to do. */
export function DiskDetails({ guest, disk, chain }: { guest: Guest; disk: Disk; chain: Chain }) {
  const t = useTranslations('plan');
  const { bytes, sum } = useQuantity();
  const active = activeOf(chain);
  const depth = chain.images.length;
  const sizes = chain.images.map(({ allocated }) => allocated).filter((size) => size !== null);
  const total = sizes.reduce((before, size) => before + size, 0);
  const beside = branchesOf({ ...guest, disks: [{ ...disk, chain }] }, disk.target).flatMap(
    ({ images }) => images,
  );
  const apart = beside.map(({ allocated }) => allocated).filter((size) => size !== null);
  const virtualSize = active?.virtualSize ?? null;
  const records = guest.records.filter((record) =>
    record.disks.some(({ target, kind }) => target === disk.target && kind !== 'none'),
  );
  const checkpoints = guest.checkpoints.known?.filter(({ disks }) => disks.includes(disk.target)).length;
  const snapshots = useTranslations('snapshotStates');
  const format = useFormatter();
  const states = recordStates({ ...guest, disks: [disk] }, disk.target);
  const odd = RECORD_STATES.filter((state) => state !== 'good').flatMap((state) => {
    const count = records.filter(({ name }) => states.get(name) === state).length;
    return count === 0 ? [] : [`${format.number(count)} ${snapshots('label', { state })}`];
  });
  return (
    <>
      <h2 className="text-lg font-semibold">{t('diskTitle', { target: disk.target })}</h2>
      <div className="mt-3 flex flex-col gap-1">
        <Fact term={t('chain')}>{t('layers', { count: depth })}</Fact>
        {active && <Fact term={t('writes')}>{imageName(active)}</Fact>}
        <Fact term={t('allocatedTogether')}>
          {sizes.length === 0 ? t('unknown') : sum(total, sizes.length < depth)}
        </Fact>
        {beside.length > 0 && (
          <Fact term={t(disk.problem === null ? 'beside' : 'besideUnsure')}>
            {t('besideSize', {
              count: beside.length,
              size:
                apart.length === 0
                  ? t('unknown')
                  : sum(
                      apart.reduce((before, size) => before + size, 0),
                      apart.length < beside.length,
                    ),
            })}
          </Fact>
        )}
        <Fact term={t('virtualSize')}>{virtualSize === null ? t('unknown') : bytes(virtualSize)}</Fact>
        <Fact term={t('records')}>
          {odd.length === 0
            ? records.length
            : t('recordsIn', { count: records.length, states: odd.join(', ') })}
        </Fact>
        <Fact term={t('checkpoints.term')}>{checkpoints ?? t('unknown')}</Fact>
        {disk.readOnly && <Fact term={t('mode')}>{t('readOnly')}</Fact>}
      </div>
      <CheckpointList guest={guest} disk={disk} />
      {disk.problem !== null ? (
        <ProblemNote className="mt-5" problem={disk.problem} />
      ) : (
        <div className="mt-5 flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-muted">
          {depth === 1 ? (
            <p>{t('nothingToFlatten')}</p>
          ) : (
            <p className="text-text">{t(depth === 2 ? 'twoImages' : 'pickBase')}</p>
          )}
          {depth > 1 && <p>{t('whatHappens')}</p>}
          {depth > 1 && !isActive(guest) && (
            <p className="text-warn">{t('notRunning', { guest: guest.name })}</p>
          )}
        </div>
      )}
    </>
  );
}
