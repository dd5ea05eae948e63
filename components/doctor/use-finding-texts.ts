'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import type { Finding } from '../../model/doctor/finding.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { useQuantity } from '../ui/use-quantity.ts';

/** Parameters that are bytes. */
const SIZES: ReadonlySet<string> = new Set(['size', 'lower']);
/** Parameters that may be paths; of an image people need the last part. */
const IMAGES: ReadonlySet<string> = new Set(['image', 'below', 'active']);

/** What a finding is called, and what it means. */
export function useFindingTexts(): (finding: Finding) => { title: string; text: string } {
  const t = useTranslations('doctor.findings');
  const problemText = useProblemText();
  const { bytes } = useQuantity();
  return useCallback(
    ({ code, params, problem }: Finding) => {
      const filled = Object.fromEntries(
        Object.entries(params).map(([name, value]) => {
          if (SIZES.has(name) && typeof value === 'number') return [name, bytes(value)];
          if (IMAGES.has(name) && typeof value === 'string') return [name, value.split('/').at(-1) || value];
          return [name, value];
        }),
      );
      return {
        title: t(`${code}.title`, filled),
        text: problem === null ? t(`${code}.text`, filled) : problemText(problem),
      };
    },
    [t, problemText, bytes],
  );
}
