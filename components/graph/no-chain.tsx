import { useTranslations } from 'next-intl';
import type { Disk } from '../../model/fleet/disk.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Blank } from './blank.tsx';

/** In place of a chain: the drive is empty, or what keeps its chain from being read. */
export function NoChain({ disk: { target, problem } }: { disk: Disk }) {
  const t = useTranslations('graph');
  if (problem === null) return <Blank title={t('empty', { target })} text={t('emptyText')} />;
  return (
    <Blank title={t('unreadable', { target })}>
      <ProblemNote problem={problem} />
    </Blank>
  );
}
