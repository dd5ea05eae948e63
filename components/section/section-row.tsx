import { useTranslations } from 'next-intl';
import { memo, type ReactNode } from 'react';
import type { SectionLayer } from '../../model/content/cross-section.ts';
import { imageName } from '../../model/fleet/image.ts';
import type { ImageFacts } from '../chain/facts.ts';
import { stratumColor } from '../chain/strata.ts';
import { useImageTexts } from '../chain/use-image-texts.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { useQuantity } from '../ui/use-quantity.ts';
import { totalOf } from './layer-bytes.ts';

/** One image: its name, by which it is picked, and its bytes in the whole disk. It is drawn again only when these change. */
export const SectionRow = memo(function Row({
  facts,
  layer,
  target,
  picked,
  onSelect,
  children,
}: {
  facts: ImageFacts;
  /** `null` until the server has answered. */
  layer: SectionLayer | null;
  target: string;
  picked: boolean;
  onSelect: (key: string | undefined) => void;
  /** The cell with the bands of all images, in the row of the first. */
  children: ReactNode;
}) {
  const t = useTranslations('section');
  const texts = useImageTexts(target);
  const { bytes } = useQuantity();
  const { image, outcome, position, depth } = facts;
  const name = imageName(image);
  const total = layer?.holds ? totalOf(layer.holds) : null;
  const none = layer === null ? '…' : t('unknown');
  const read = total && (layer?.doubtful ? t('atMost', { size: bytes(total.read) }) : bytes(total.read));
  return (
    <tr data-image={image.key} className={depth > DENSE ? 'h-[26px]' : 'h-[32px]'}>
      <th scope="row" className="max-w-0 p-0 pr-2 text-left font-normal">
        <Button
          variant="bare"
          aria-pressed={picked}
          aria-label={texts.sentence(facts)}
          title={image.key}
          onClick={() => onSelect(picked ? undefined : image.key)}
          className={classNames(
            'flex h-[24px] w-full items-center gap-2 rounded-md px-1 max-sm:gap-1.5',
            picked ? 'bg-selected ring-1 ring-accent' : 'hover:bg-hover',
            outcome === 'merges' && 'hatched',
          )}
        >
          <span
            aria-hidden="true"
            className="h-4 w-2 shrink-0 rounded-[2px]"
            style={{
              background: image.missing ? undefined : stratumColor(position, depth),
              border: image.missing ? '1px dashed var(--bad)' : undefined,
            }}
          />
          <span className="flex min-w-0 max-sm:text-2xs">
            <span className="truncate">{name.slice(0, -TAIL)}</span>
            <span className="shrink-0 whitespace-pre">{name.slice(-TAIL)}</span>
          </span>
        </Button>
      </th>
      {children}
      <td className="p-0 pl-3 text-right text-2xs whitespace-nowrap max-sm:pl-1.5">{read ?? none}</td>
      <td className="p-0 pl-3 text-right text-2xs whitespace-nowrap text-muted max-sm:pl-1.5">
        {total === null ? none : bytes(total.hidden)}
      </td>
    </tr>
  );
});

/** Characters at the end of a name, which is often all that differs between images: they stay where the whole name does not fit. */
const TAIL = 13;
/** The number of layers above which the rows are as low as a finger can still hit. */
const DENSE = 12;
