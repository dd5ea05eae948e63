'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import type { DiskRef } from '../../model/fleet/disk.ts';
import { claims, needsTurn, shareGuest } from '../../model/kinds/claims.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Operation, Progress } from '../../model/operation/operation.ts';
import { ofStepAtHand } from '../../model/operation/step-at-hand.ts';
import { progressKey } from './feed.ts';
import { useTRPC } from './trpc.ts';
import { oldestFirst, UNFINISHED } from './unfinished-operations.ts';

const NONE: readonly Operation[] = [];

/** The operations that are not over, the oldest first. */
export function useUnfinishedOperations(): readonly Operation[] {
  const { data } = useQuery(useTRPC().operations.list.queryOptions(UNFINISHED, { select: oldestFirst }));
  return data ?? NONE;
}

/** The operation under way on a disk; there is at most one. */
export function useOperationOn(disk: DiskRef): Operation | null {
  return useUnfinishedOperations().find((operation) => claims(operation.plan, disk)) ?? null;
}

/** The operation that the guest's QEMU works for now, which a plan of the same guest has to wait for. */
export function useAhead(plan: Plan): Operation | null {
  const isAhead = (one: Operation) =>
    one.state !== 'queued' && needsTurn(one.plan) && shareGuest(one.plan, plan);
  const ahead = useUnfinishedOperations().find(isAhead) ?? null;
  return needsTurn(plan) ? ahead : null;
}

/** The newest sample of the step that an operation is at; `null` before the first. */
export function useProgress(operation: Operation | null): Progress | null {
  const query = useQuery<Progress>({ queryKey: progressKey(operation?.id ?? ''), queryFn: skipToken });
  return ofStepAtHand(operation, query.data ?? null);
}
