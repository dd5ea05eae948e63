import { expect, test } from 'vitest';
import { fixFrom } from './fix-form.tsx';

const endJob = { kind: 'end-job', target: 'vda', how: 'abort' } as const;
const header = {
  kind: 'rewrite-header',
  target: 'vda',
  image: '/vm/active',
  backing: '/vm/base',
  format: 'qcow2',
  contentMayChange: false,
} as const;

test('a fix is as it is proposed, until the address says otherwise', () => {
  expect(fixFrom(new URLSearchParams('guest=x&fix=y'), endJob)).toEqual(endJob);
  expect(fixFrom(new URLSearchParams('how=pivot'), endJob)).toEqual({ ...endJob, how: 'pivot' });
  expect(fixFrom(new URLSearchParams('how=both'), endJob)).toEqual(endJob);
  expect(fixFrom(new URLSearchParams('backing=/b&format=raw&contentMayChange=yes'), header)).toEqual({
    ...header,
    backing: '/b',
    format: 'raw',
    contentMayChange: true,
  });
});

test('a fix without a choice is what it is', () => {
  expect(fixFrom(new URLSearchParams('how=pivot'), { kind: 'resume' })).toEqual({ kind: 'resume' });
});
