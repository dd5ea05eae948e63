import { useTranslations } from 'next-intl';
import { type Image, imageName } from '../../model/fleet/image.ts';
import { stratumColor } from '../chain/strata.ts';
import type { Spot } from './holdings.ts';
import { useCursorTexts } from './use-cursor-texts.ts';

/** What is at the cursor, image by image. The slider says the same to those who don't see it. */
export function Readout({ spot, images }: { spot: Spot | null; images: readonly Image[] }) {
  const t = useTranslations('section');
  const words = useCursorTexts();
  return (
    <div
      data-readout
      className="flex min-h-20 flex-wrap content-start items-baseline gap-x-4 gap-y-1 border-t border-line px-[20px] py-2.5 text-2xs"
    >
      {spot === null ? (
        <p className="text-muted">{t('hint')}</p>
      ) : (
        <>
          <p className="w-full font-medium">{words.place(spot)}</p>
          {spot.layers.length === 0 && <p className="text-muted">{t('nothingHere')}</p>}
          {spot.layers.map(({ layer, held }) => {
            const position = images.findIndex(({ key }) => key === layer.key);
            const image = images[position];
            return (
              image && (
                <span key={layer.key} className="flex min-w-0 items-center gap-1.5">
                  <span
                    aria-hidden="true"
                    className="h-3 w-2 shrink-0 rounded-[2px]"
                    style={{ background: stratumColor(position, images.length) }}
                  />
                  <span className="truncate">{imageName(image)}</span>
                  <span className="whitespace-nowrap text-muted">{words.held(held, layer.doubtful)}</span>
                </span>
              )
            );
          })}
        </>
      )}
    </div>
  );
}
