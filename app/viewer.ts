import { headers } from 'next/headers';
import { cache } from 'react';
import { appRouter } from '../server/api/router.ts';
import { runtime } from '../server/running.ts';

/** Who asks for this page, and the API as they may use it. Once a request. */
export const viewer = cache(async () => {
  const context = await (await runtime()).context(new Headers(await headers()));
  return { session: context.session, api: appRouter.createCaller(context) };
});
