'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { type ReactNode, useState } from 'react';
import type { Operation } from '../../model/operation/operation.ts';
import type { AppRouter } from '../../server/api/router.ts';
import { createApiClient, createCache } from './client.ts';
import type { FleetList } from './fleet-list.ts';
import { leaveIfSignedOut } from './signed-out.ts';
import { Stream } from './stream.tsx';
import { TRPCProvider } from './trpc.ts';
import { UNFINISHED } from './unfinished-operations.ts';

/** What the server read for the first drawing, so that the browser need not ask again. */
export interface Initial {
  readonly fleet: FleetList;
  readonly underWay: readonly Operation[];
  /** An event of the stream, not newer than what was read: the stream continues after it. */
  readonly lastEventId: string;
}

/** The data of everything below: read once by the server, then kept current by one stream. */
export function Live({
  initial,
  signIn,
  onNews,
  children,
}: {
  initial: Initial;
  signIn: string;
  /** Hears of operations, see `Stream`. */
  onNews: (operation: Operation) => void;
  children: ReactNode;
}) {
  const [{ cache, client }] = useState(() => start(initial, signIn));
  return (
    <QueryClientProvider client={cache}>
      <TRPCProvider trpcClient={client} queryClient={cache}>
        <Stream signIn={signIn} since={initial.lastEventId} onNews={onNews}>
          {children}
        </Stream>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function start(initial: Initial, signIn: string) {
  const client = createApiClient();
  const cache = createCache((error) => leaveIfSignedOut(error, signIn));
  const api = createTRPCOptionsProxy<AppRouter>({ client, queryClient: cache });
  cache.setQueryData(api.guests.list.queryKey(), initial.fleet);
  cache.setQueryData(api.operations.list.queryKey(UNFINISHED), initial.underWay);
  return { client, cache };
}
