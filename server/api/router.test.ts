import { readFileSync } from 'node:fs';
import { callTRPCProcedure, TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { appRouter } from './router.ts';

const TYPES = ['query', 'mutation', 'subscription'] as const;
type Type = (typeof TYPES)[number];

/** The context of a request without a session. A procedure that does more than check the session fails on it. */
const stranger = { session: null };

async function refusalOf(path: string, type: Type): Promise<string> {
  try {
    await callTRPCProcedure({
      ...{ router: appRouter, path, type, ctx: stranger, getRawInput: async () => undefined },
      ...{ signal: undefined, batchIndex: 0 },
    });
  } catch (error) {
    return error instanceof TRPCError ? error.code : String(error);
  }
  return 'answered';
}

const paths = Object.keys(appRouter._def.procedures).sort();

describe('without a session', () => {
  it.each(paths)('%s is refused before anything is done', async (path) => {
    const refusals = await Promise.all(TYPES.map((type) => refusalOf(path, type)));
    expect(refusals.toSorted()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'UNAUTHORIZED']);
  });
});

it('the list of procedures that the browser tests ask over HTTP is complete', async () => {
  const found: Record<Type, string[]> = { query: [], mutation: [], subscription: [] };
  for (const type of TYPES) {
    for (const path of paths) if ((await refusalOf(path, type)) !== 'NOT_FOUND') found[type].push(path);
  }
  const list = new URL('../../e2e/procedures.json', import.meta.url);
  expect(JSON.parse(readFileSync(list, 'utf8')), 'e2e/procedures.json names them all, sorted').toEqual(found);
});
