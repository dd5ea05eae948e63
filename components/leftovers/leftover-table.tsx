'use client';

import { useTranslations } from 'next-intl';
import type { Leftover } from '../../model/fleet/leftover.ts';
import { operationAddress } from '../address/operation.ts';
import { CheckField } from '../ui/check-field.tsx';
import { Link } from '../ui/link.tsx';
import { cellClass, Table, TableRow } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { useQuantity } from '../ui/use-quantity.ts';
import { FilePath, fileName } from './file-path.tsx';
import { KeepButton } from './keep-button.tsx';

/** So many are named; more are counted. */
const NAMED = 3;

const FIGURE = { right: true } as const;
const WIDE = { from: 'md' } as const;

/** The leftovers, overlays first; each with what makes it one. */
export function LeftoverTable({
  hostId,
  leftovers,
  selected,
  onToggle,
  onChanged,
}: {
  hostId: string;
  leftovers: readonly Leftover[];
  selected: ReadonlySet<string>;
  onToggle: (leftover: Leftover) => void;
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  return (
    <Table
      columns={[
        { key: 'file', text: t('file') },
        { key: 'size', text: t('size'), ...FIGURE },
        { key: 'modified', text: t('modified'), ...WIDE },
        { key: 'why', text: t('why'), ...WIDE },
        { key: 'keep', text: t('mark'), ...FIGURE },
      ]}
    >
      {leftovers.map((leftover) => (
        <LeftoverRow
          key={leftover.path}
          hostId={hostId}
          leftover={leftover}
          checked={selected.has(leftover.path)}
          onToggle={() => onToggle(leftover)}
          onChanged={onChanged}
        />
      ))}
    </Table>
  );
}

function LeftoverRow({
  hostId,
  leftover,
  checked,
  onToggle,
  onChanged,
}: {
  hostId: string;
  leftover: Leftover;
  checked: boolean;
  onToggle: () => void;
  onChanged: () => void;
}) {
  const t = useTranslations('leftovers');
  const quantity = useQuantity();
  const { path, format, allocated, virtualSize, modifiedAt } = leftover;
  return (
    <TableRow top>
      <td>
        <CheckField label={<FilePath path={path} />} checked={checked} onChange={onToggle} />
        <div className="pl-6 md:hidden">
          <Why leftover={leftover} />
        </div>
      </td>
      <td className={cellClass(FIGURE, 'whitespace-nowrap')}>
        {allocated === null ? '–' : quantity.bytes(allocated)}
        <span className="block text-2xs text-muted">
          {virtualSize === null ? format : t('ofVirtual', { size: quantity.bytes(virtualSize), format })}
        </span>
      </td>
      <td className={cellClass(WIDE, 'whitespace-nowrap text-muted')}>
        {modifiedAt === null ? '–' : <Time at={modifiedAt} />}
      </td>
      <td className={cellClass(WIDE)}>
        <Why leftover={leftover} />
      </td>
      <td className={cellClass(FIGURE)}>
        <KeepButton hostId={hostId} path={path} onChanged={onChanged} />
      </td>
    </TableRow>
  );
}

/** Which operation left it behind, which image backs it, and what has to be deleted before it. */
function Why({ leftover: { left, backingPath, under, pool } }: { leftover: Leftover }) {
  const t = useTranslations('leftovers');
  return (
    <div className="flex flex-col gap-0.5 wrap-anywhere text-muted">
      {left === null ? (
        <p>{t('unreferenced')}</p>
      ) : (
        <p>
          <Link href={operationAddress(left.operationId)}>
            {t('leftBy', { intent: left.intent.replaceAll('-', '_'), guest: left.guestName ?? '' })}
          </Link>{' '}
          <Time at={left.at} />
        </p>
      )}
      {under.length > 0 && (
        <p>
          {under.length > NAMED
            ? t('underMany', { count: under.length })
            : t('under', { count: under.length, files: under.map(fileName).join(', ') })}
        </p>
      )}
      {backingPath !== null && <p className="text-2xs">{t('backedBy', { file: fileName(backingPath) })}</p>}
      {pool === null && <p className="text-2xs">{t('noPool')}</p>}
    </div>
  );
}
