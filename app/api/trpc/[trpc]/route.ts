import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { appRouter } from '../../../../server/api/router.ts';
import { runtime } from '../../../../server/running.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  const parts = await runtime();
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request, // its signal ends a stream whose reader has gone
    router: appRouter,
    createContext: () => parts.context(request.headers),
    // A stream too: tRPC would answer with 200 and put the refusal inside.
    responseMeta: ({ ctx }) => (ctx?.session === null ? { status: 401 } : {}),
  });
  response.headers.append('Cache-Control', 'no-store'); // a stream already says no-transform, which keeps it unbuffered
  return response;
}

export { handle as GET, handle as POST };
