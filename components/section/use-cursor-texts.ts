import { useTranslations } from 'next-intl';
import { useQuantity } from '../ui/use-quantity.ts';
import type { Holdings, Spot } from './holdings.ts';

/** What is read and heard of a part of the disk. */
export function useCursorTexts() {
  const t = useTranslations('section');
  const { bytes } = useQuantity();

  const place = ({ offset, length }: Spot) => t('place', { offset: bytes(offset), length: bytes(length) });

  /** @param held `null` where nobody knows */
  const held = (held: Holdings | null, doubtful: boolean) => {
    if (held === null) return t('unknown');
    const read = held.read > 0 && t(doubtful ? 'readAtMost' : 'readHere', { size: bytes(held.read) });
    const zeros = held.zeros > 0 && t('zerosHere', { size: bytes(held.zeros) });
    const hidden = held.hidden > 0 && t('hiddenHere', { size: bytes(held.hidden) });
    return [read, zeros, hidden].filter((text) => text !== false).join(' · ');
  };

  /** All of it in a sentence. @param nameOf an image by its key */
  const sentence = (spot: Spot, nameOf: (key: string) => string) =>
    [
      place(spot),
      ...spot.layers.map(({ layer, held: some }) => `${nameOf(layer.key)}: ${held(some, layer.doubtful)}`),
      spot.layers.length === 0 && t('nothingHere'),
    ]
      .filter((text) => text !== false)
      .join('. ');

  return { place, held, sentence };
}
