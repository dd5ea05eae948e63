import { expect, test } from 'vitest';
import { type KnownWrite, writtenByUs } from './known-write.ts';

const write = (changes: Partial<KnownWrite> = {}): KnownWrite => ({
  ...{ image: '/base', from: 100, until: 200, kept: ['s2'] },
  ...changes,
});

test.each([
  ['in the middle of the operation', 150, write(), { '/base': ['s2'] }],
  ['at its beginning and end', 200, write({ from: 200 }), { '/base': ['s2'] }],
  ['while it is under way', 5000, write({ until: null }), { '/base': ['s2'] }],
  ['before it', 99, write(), {}],
  ['after it, by somebody else', 201, write(), {}],
  ['another image', 150, write({ image: '/other' }), {}],
  ['nothing is kept', 150, write({ kept: [] }), {}],
])('the last write was %s', (_, at, known, expected) => {
  expect(writtenByUs({ '/base': at }, [known])).toEqual(expected);
});

test('each operation knows only its own write', () => {
  const first = write({ kept: ['s2', 's3'] });
  const second = write({ from: 300, until: 400, kept: ['s3'] });
  expect(writtenByUs({ '/base': 350 }, [first, second])).toEqual({ '/base': ['s3'] });
});
