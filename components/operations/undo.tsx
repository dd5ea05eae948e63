'use client';

import { useTranslations } from 'next-intl';
import type { Operation } from '../../model/operation/operation.ts';
import { undoOf } from '../../model/operation/undo.ts';
import { undoAddress } from '../address/undo.ts';
import { Link } from '../ui/link.tsx';

/** The way to undo an operation that is over, or why there is none. */
export function Undo({ operation }: { operation: Operation }) {
  const t = useTranslations('operations');
  const undo = undoOf(operation);
  const { guest } = operation.plan;
  if (undo === null || guest === null) return null;
  if (undo.kind === 'none') return <span className="text-muted">{t('noUndo', { why: undo.why })}</span>;
  return (
    <Link href={undoAddress(guest, operation.id, undo)}>{t(undo.kind === 'move' ? 'moveBack' : 'undo')}</Link>
  );
}
