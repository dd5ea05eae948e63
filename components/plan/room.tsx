import { useTranslations } from 'next-intl';
import type { Cost } from '../../model/plan.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { Fact } from './fact.tsx';

/** The growth of the active image against the room there is. */
export function Room({ cost: { atMost, room }, active }: { cost: Cost; active: string }) {
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  const tight = atMost !== null && room !== null && atMost > room;
  return (
    <div className="flex flex-col gap-1">
      <Fact term={t('growth', { active })}>
        {atMost === null ? t('unknown') : t('atMost', { size: bytes(atMost) })}
      </Fact>
      <Fact term={t('room')}>{room === null ? t('unknown') : t('free', { size: bytes(room) })}</Fact>
      {atMost !== null && room !== null && (
        <span aria-hidden="true" className="block h-1.5 overflow-hidden rounded-full bg-line">
          <span
            className={`block h-full rounded-full ${tight ? 'bg-bad' : 'bg-accent'}`}
            style={{
              width: `${room === 0 ? 100 : Math.min(atMost / room, 1) * 100}%`,
              minWidth: atMost > 0 ? 3 : 0,
            }}
          />
        </span>
      )}
      {atMost !== null && room !== null && room > 0 && (
        <p className={`text-2xs ${tight ? 'text-bad' : 'text-muted'}`}>
          {tight
            ? t('tooMuch', { size: bytes(atMost - room) })
            : t(atMost / room < 0.01 ? 'fillsLittle' : 'fills', { share: atMost / room })}
        </p>
      )}
    </div>
  );
}
