import { useTranslations } from 'next-intl';
import type { Row } from './rows.ts';

/** A disk beside this one that holds the image of the row above. */
export function UserRow({
  row: { id, level, user },
  columns,
  current,
  onFocus,
}: {
  row: Extract<Row, { kind: 'user' }>;
  columns: number;
  current: boolean;
  onFocus: () => void;
}) {
  const t = useTranslations('table');
  return (
    <tr
      data-row={id}
      aria-level={level}
      tabIndex={current ? 0 : -1}
      onFocus={onFocus}
      className="*:border-b *:border-line *:py-1 focus-visible:-outline-offset-2"
    >
      <td colSpan={columns} className="pl-8 text-2xs text-muted">
        {t('user', { guest: user.guestName, target: user.target })}
      </td>
    </tr>
  );
}
