'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'next/navigation';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import type { Operation } from '../../model/operation/operation.ts';
import type { StreamEvent } from '../../model/operation/stream-event.ts';
import { EndedOperations } from './ended-operations.ts';
import { feed } from './feed.ts';
import { leaveIfSignedOut } from './signed-out.ts';
import { useTRPC, useTRPCClient } from './trpc.ts';
import { UNFINISHED } from './unfinished-operations.ts';
import { useTabVisible } from './use-tab-visible.ts';

export type StreamState = 'connecting' | 'live' | 'reconnecting';

const StreamContext = createContext<StreamState>('connecting');
const StartedContext = createContext<(operation: Operation) => void>(() => {});

export function useStreamState(): StreamState {
  return useContext(StreamContext);
}

/** Follows an operation that was started in this tab, so that its end is announced even if the stream reported it before the answer came. */
export function useStarted(): (operation: Operation) => void {
  return useContext(StartedContext);
}

/** Milliseconds until a stream that the server ended is opened again. The browser reopens lost connections by itself. */
const PAUSE = 1000;

/**
 * The stream of this tab, for as long as the tab is visible. It feeds the cache, names the guest in view so that its
 * sizes are kept fresh, and comes back by itself; where the session is over it leads to `signIn`.
 */
export function Stream({
  signIn,
  since,
  onNews,
  children,
}: {
  signIn: string;
  /** The last event that the first drawing knows. */
  since: string;
  /** Is called with every operation that ended, that is paused for space, or that resumed. */
  onNews: (operation: Operation) => void;
  children: ReactNode;
}) {
  const [state, setState] = useState<StreamState>('connecting');
  const { hostId, uuid } = useParams<{ hostId?: string; uuid?: string }>();
  const client = useTRPCClient();
  const cache = useQueryClient();
  const api = useTRPC();
  const lastEventId = useRef(since);
  const lookedAt = useTabVisible();
  const [ended] = useState(() => new EndedOperations());
  const started = useCallback(
    (operation: Operation) => {
      const end = ended.started(operation);
      if (end !== null) onNews(end);
    },
    [ended, onNews],
  );

  const receive = useEffectEvent((id: string, event: StreamEvent) => {
    lastEventId.current = id;
    const underWay = cache.getQueryData(api.operations.list.queryKey(UNFINISHED)) ?? [];
    for (const operation of underWay) ended.follow(operation);
    const before =
      event.kind === 'operation' ? underWay.find(({ id: one }) => one === event.operation.id) : null;
    feed(cache, api, event);
    if (event.kind !== 'operation') return;
    const { operation } = event;
    const isPausedAgain = before ? before.paused?.needed !== operation.paused?.needed : false;
    if (ended.follow(operation) || isPausedAgain) onNews(operation);
  });

  /** A refused stream does not say why; an ordinary call does. */
  const askWhy = useEffectEvent(() => {
    client.hosts.list.query().catch((error: unknown) => leaveIfSignedOut(error, signIn));
  });

  useEffect(() => {
    if (!lookedAt) return;
    const views = hostId && uuid ? [{ hostId, uuid }] : [];
    let retry: ReturnType<typeof setTimeout> | undefined;
    let closed = false;
    let subscription = open();

    function open() {
      return client.events.stream.subscribe(
        { views, lastEventId: lastEventId.current },
        {
          onData: ({ id, data }) => receive(id, data),
          onConnectionStateChange: (change) => {
            if (change.state === 'pending') setState('live');
            else if (change.error) setState('reconnecting');
          },
          onError: () => {
            if (!closed) askWhy();
            again();
          },
          onComplete: again,
        },
      );
    }

    function again() {
      if (closed) return;
      setState('reconnecting');
      retry = setTimeout(() => {
        subscription = open();
      }, PAUSE);
    }

    return () => {
      closed = true;
      subscription.unsubscribe();
      clearTimeout(retry);
    };
  }, [client, hostId, uuid, lookedAt]);

  return (
    <StreamContext value={state}>
      <StartedContext value={started}>{children}</StartedContext>
    </StreamContext>
  );
}
