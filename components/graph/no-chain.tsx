import { useTranslations } from 'next-intl';
import type { Disk, Guest } from '../../model/guest.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { Blank } from './blank.tsx';

/** In place of a chain: the drive is empty, or what keeps its chain from being read. */
export function NoChain({ guest, target, disk }: { guest: Guest; target: string; disk: Disk | null }) {
  const t = useTranslations('graph');
  if (disk === null) return <Blank title={t('noDisk', { guest: guest.name, target })} />;
  if (disk.problem === null) return <Blank title={t('empty', { target })} text={t('emptyText')} />;
  return (
    <Blank title={t('unreadable', { target })}>
      <ProblemNote problem={disk.problem} />
    </Blank>
  );
}
