import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

export interface Column {
  readonly key: string;
  readonly text: string;
  readonly right?: boolean;
  /** Left out in windows narrower than that. */
  readonly from?: 'sm' | 'md';
  /** How rows are sorted by it, and whether they are; absent where they can't be. */
  readonly sort?: {
    readonly order: 'ascending' | 'descending';
    readonly on: boolean;
    readonly choose: () => void;
  };
}

const HIDDEN = { sm: 'max-sm:hidden', md: 'max-md:hidden' } as const;

/** Rows under their heads. A head that rows can be sorted by is a button. */
export function Table({ columns, children }: { columns: readonly Column[]; children: ReactNode }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left">
        <thead className="text-2xs text-muted">
          <tr className="border-b border-line *:py-1.5 *:pr-4 *:font-semibold">
            {columns.map((column) => {
              const { key, text, sort } = column;
              return (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sort && (sort.on ? sort.order : 'none')}
                  className={cellClass(column)}
                >
                  {sort ? <SortButton text={text} on={sort.on} onClick={sort.choose} /> : text}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function SortButton({ text, on, onClick }: { text: string; on: boolean; onClick: () => void }) {
  return (
    <Button variant="bare" onClick={onClick} className={on ? 'text-text' : 'hover:text-text'}>
      {text}
      <span aria-hidden className={classNames('ml-1', !on && 'invisible')}>
        ↓
      </span>
    </Button>
  );
}

/** A row; `cellClass` of the columns places its cells. */
export function TableRow({ top = false, children }: { top?: boolean; children: ReactNode }) {
  return (
    <tr className={classNames('border-b border-line *:py-1.5 *:pr-4 hover:bg-hover', top && 'align-top')}>
      {children}
    </tr>
  );
}

/** How a column's cells are aligned, and in which windows they are shown. */
export function cellClass({ right, from }: Pick<Column, 'right' | 'from'>, more?: string): string {
  return classNames(right && 'text-right', from && HIDDEN[from], more);
}
