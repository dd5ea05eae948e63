import { expect, test } from 'vitest';
import { openRelease, operationsOf, RELEASES } from '../../test/support/releases.ts';
import { operationAsHtml } from './testing.tsx';

test.each(RELEASES)('every text for the operations of %s is there', async (version) => {
  await using store = await openRelease(version);
  const operations = await operationsOf(store);
  expect(operations.length).toBeGreaterThan(30);
  for (const known of operations) {
    const html = operationAsHtml(known);
    expect(html.match(/<li/g)).toHaveLength(known.entries.length);
    expect(html).not.toMatch(/undefined|\[object|NaN|\{\w+\}/);
  }
});
