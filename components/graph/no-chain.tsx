import { useTranslations } from 'next-intl';
import type { Disk } from '../../model/fleet/disk.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Blank } from './blank.tsx';

/** The text in place of a chain: the drive is empty, or why its chain can't be read. */
export function NoChain({ disk: { target, problem } }: { disk: Disk }) {
  const t = useTranslations('graph');
  if (problem === null) return <Blank title={t('empty', { target })} text={t('emptyText')} />;
  return (
    <Blank title={t('unreadable', { target })}>
      <ProblemNote problem={problem} />
    </Blank>
  );
}
