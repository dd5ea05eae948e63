'use client';

import { useTranslations } from 'next-intl';
import { DEEP } from '../../model/fleet/chain.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import type { FleetTotals } from './fleet-totals.ts';

export function Totals({ totals }: { totals: FleetTotals }) {
  const t = useTranslations('overview');
  const quantity = useQuantity();
  const figures = [
    { figure: totals.hosts, text: t('hosts', { count: totals.hosts }) },
    { figure: totals.guests, text: t('guests', { count: totals.guests }) },
    { figure: totals.images, text: t('images', { count: totals.images }) },
    { figure: totals.shared, text: t('shared') },
    { figure: quantity.sum(totals.allocated, totals.partial), text: t('allocated') },
    { figure: totals.deepest, text: t('deepest'), warn: totals.deepest >= DEEP },
  ];
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      {figures.map(({ figure, text, warn }) => (
        <div key={text} className="flex flex-col-reverse">
          <dt className="text-2xs text-muted">{text}</dt>
          <dd className={warn ? 'text-lg font-semibold text-warn' : 'text-lg font-semibold'}>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
