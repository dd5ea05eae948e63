import { useTranslations } from 'next-intl';
import type { Plan } from '../../model/plan.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { Fact } from './fact.tsx';
import { shortened } from './shortened.ts';

/** The growth of the image that is written against the room there is. */
export function Room({ plan: { cost, intent } }: { plan: Plan }) {
  const { atMost, into } = cost;
  const room = cost.room?.free ?? null;
  const reserve = cost.room?.reserve ?? 0;
  const t = useTranslations('plan');
  const { bytes } = useQuantity();
  const tight = atMost !== null && room !== null && atMost > room - reserve;
  return (
    <div className="flex flex-col gap-1">
      <Fact term={t('growth', { image: shortened(into ?? '') })}>
        {atMost === null ? t('unknown') : t('atMost', { size: bytes(atMost) })}
      </Fact>
      <p className="text-2xs text-muted">
        {t(atMost === null ? 'whyUnknown' : intent.kind === 'flatten' ? 'whyAtMost' : 'whyAtMostElse')}
      </p>
      <Fact term={t('room')}>{room === null ? t('unknown') : t('free', { size: bytes(room) })}</Fact>
      {room !== null && reserve > 0 && <Fact term={t('reserve')}>{bytes(reserve)}</Fact>}
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
            ? t('tooMuch', { size: bytes(atMost - Math.max(0, room - reserve)) })
            : t(atMost / room < 0.01 ? 'fillsLittle' : 'fills', { share: atMost / room })}
        </p>
      )}
    </div>
  );
}
