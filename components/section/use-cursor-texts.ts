import { useTranslations } from 'next-intl';
import { useQuantity } from '../ui/use-quantity.ts';
import type { CursorPosition, LayerBytes } from './layer-bytes.ts';

/** The texts about a part of the disk, also for a screen reader. */
export function useCursorTexts() {
  const t = useTranslations('section');
  const { bytes } = useQuantity();

  const place = ({ offset, length }: CursorPosition) =>
    t('place', { offset: bytes(offset), length: bytes(length) });

  /** @param layer `null` if it is unknown */
  const contents = (layer: LayerBytes | null, doubtful: boolean) => {
    if (layer === null) return t('unknown');
    const read = layer.read > 0 && t(doubtful ? 'readAtMost' : 'readHere', { size: bytes(layer.read) });
    const zeros = layer.zeros > 0 && t('zerosHere', { size: bytes(layer.zeros) });
    const hidden = layer.hidden > 0 && t('hiddenHere', { size: bytes(layer.hidden) });
    return [read, zeros, hidden].filter((text) => text !== false).join(' · ');
  };

  /** All of them in a sentence. @param nameOf an image by its key */
  const sentence = (position: CursorPosition, nameOf: (key: string) => string) =>
    [
      place(position),
      ...position.layers.map(
        ({ layer, bytes: some }) => `${nameOf(layer.key)}: ${contents(some, layer.doubtful)}`,
      ),
      position.layers.length === 0 && t('nothingHere'),
    ]
      .filter((text) => text !== false)
      .join('. ');

  return { place, contents, sentence };
}
