import { useTranslations } from 'next-intl';
import { type Image, imageName } from '../../model/fleet/image.ts';
import { stratumColor } from '../chain/strata.ts';
import type { CursorPosition } from './layer-bytes.ts';
import { useCursorTexts } from './use-cursor-texts.ts';

/** What is at the cursor, image by image. Screen readers get the same from the slider. */
export function Readout({ position, images }: { position: CursorPosition | null; images: readonly Image[] }) {
  const t = useTranslations('section');
  const texts = useCursorTexts();
  return (
    <div
      data-readout
      className="flex min-h-20 flex-wrap content-start items-baseline gap-x-4 gap-y-1 border-t border-line px-[20px] py-2.5 text-2xs"
    >
      {position === null ? (
        <p className="text-muted">{t('hint')}</p>
      ) : (
        <>
          <p className="w-full font-medium">{texts.place(position)}</p>
          {position.layers.length === 0 && <p className="text-muted">{t('nothingHere')}</p>}
          {position.layers.map(({ layer, bytes }) => {
            const index = images.findIndex(({ key }) => key === layer.key);
            const image = images[index];
            return (
              image && (
                <span key={layer.key} className="flex min-w-0 items-center gap-1.5">
                  <span
                    aria-hidden="true"
                    className="h-3 w-2 shrink-0 rounded-[2px]"
                    style={{ background: stratumColor(index, images.length) }}
                  />
                  <span className="truncate">{imageName(image)}</span>
                  <span className="whitespace-nowrap text-muted">
                    {texts.contents(bytes, layer.doubtful)}
                  </span>
                </span>
              )
            );
          })}
        </>
      )}
    </div>
  );
}
