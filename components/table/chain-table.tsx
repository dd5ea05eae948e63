'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { ChainHeader } from '../chain/chain-header.tsx';
import type { ChainInView } from '../chain/chain-in-view.ts';
import { branchFactsOf, factsOf, isInChain, oddRecords, recordedIn } from '../chain/facts.ts';
import { useChainFacts } from '../chain/use-chain-facts.ts';
import { ImageRow } from './image-row.tsx';
import { moveBy, rowsOf } from './rows.ts';
import { UserRow } from './user-row.tsx';

/** ARIA in HTML allows a table any role; its rows and cells then are the tree grid's. */
const TREE_GRID = { role: 'treegrid' } as const;

const COLUMNS = ['image', 'format', 'allocated', 'virtualSize', 'role', 'records', 'usedBy'] as const;

/** The backing chain of one disk as a tree grid, from the active image down: the graph for those who don't see it. */
export function ChainTable(view: ChainInView) {
  const { guest, disk, chain, onSelect } = view;
  const { target } = disk;
  const t = useTranslations('table');
  const root = useRef<HTMLTableElement>(null);
  const { input, under, base } = useChainFacts(view);
  const facts = useMemo(() => factsOf(input), [input]);
  const branches = useMemo(() => branchFactsOf(input, facts), [input, facts]);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(facts, branches, toggled), [facts, branches, toggled]);
  const [chosen, setCurrent] = useState<string | null>(null);
  const current = rows.some(({ id }) => id === chosen) ? chosen : rows[0]?.id;

  const pick = (key: string) => onSelect(key === base ? undefined : key);
  const toggle = (id: string) => setToggled((before) => withToggled(before, id));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !current) return;
    const move = moveBy(event.key, rows, current);
    const row = rows.find(({ id }) => id === current);
    if (move?.kind === 'focus') {
      root.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(move.id)}"]`)?.focus();
    } else if (move) toggle(move.id);
    else if ((event.key === 'Enter' || event.key === ' ') && row?.kind === 'image') {
      if (isInChain(row.facts)) pick(row.id);
    } else if (event.key === 'Escape') onSelect(undefined);
    else return;
    event.preventDefault();
  };

  return (
    <section className="flex h-full min-h-0 flex-col">
      <ChainHeader
        of={{ disk, chain }}
        odd={oddRecords(recordedIn(input), target)}
        picked={base}
        busy={under !== null}
        onPick={onSelect}
      />
      <div className="min-h-0 flex-1 overflow-auto px-[20px] pt-2 pb-5">
        <table
          ref={root}
          {...TREE_GRID}
          aria-label={t('label', { guest: guest.name, target })}
          aria-rowcount={rows.length + 1}
          onKeyDown={onKeyDown}
          className="w-full border-separate border-spacing-0 text-left whitespace-nowrap"
        >
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={`sticky top-0 z-10 border-b border-line bg-ground py-1.5 pr-4 text-2xs font-medium text-muted ${
                    column === 'allocated' || column === 'virtualSize' ? 'text-right' : ''
                  }`}
                >
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) =>
              row.kind === 'image' ? (
                <ImageRow
                  key={row.id}
                  row={row}
                  target={target}
                  picked={row.id === base}
                  current={row.id === current}
                  onFocus={() => setCurrent(row.id)}
                  onPick={isInChain(row.facts) ? () => pick(row.id) : undefined}
                  onToggle={() => toggle(row.id)}
                />
              ) : (
                <UserRow
                  key={row.id}
                  row={row}
                  columns={COLUMNS.length}
                  current={row.id === current}
                  onFocus={() => setCurrent(row.id)}
                />
              ),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function withToggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
