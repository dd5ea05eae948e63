'use client';

import type { FlattenIntent } from '../../model/intent.ts';
import { type FieldsProps, formOf } from './form-of.tsx';

export default formOf<FlattenIntent>(
  ({ disk, picked }) => ({
    kind: 'flatten',
    target: disk.target,
    base: picked ?? null,
    snapshotFirst: null,
    forgetAfter: false,
  }),
  FlattenFields,
);

function FlattenFields(_: FieldsProps<FlattenIntent>) {
  return null;
}
