'use client';

import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Disk } from '../../model/fleet/disk.ts';
import type { Guest } from '../../model/fleet/guest.ts';
import type { Host } from '../../model/fleet/host.ts';
import { imageUsers } from '../../model/fleet/sharing.ts';
import type { Problem } from '../../model/problem.ts';
import { actionNamed } from '../actions/action.ts';
import { FLATTEN } from '../actions/flatten.ts';
import { FlattenPanel } from '../actions/flatten-panel.tsx';
import { useForm } from '../actions/use-form.ts';
import { formFrom, withoutIntent, withPicked } from '../address/form.ts';
import { correctTo, goTo } from '../address/go.ts';
import { type Picked, pickedFrom } from '../address/picked.ts';
import { useTypedQuery } from '../address/use-typed-query.ts';
import type { View } from '../address/view.ts';
import { GuestDisk } from '../graph/guest-disk.tsx';
import { LoadingChain } from '../graph/loading-chain.tsx';
import { NoChain } from '../graph/no-chain.tsx';
import { useFleet } from '../live/use-fleet.ts';
import { useOperationOn, useProgress } from '../live/use-operations.ts';
import { usePlan } from '../plan/use-plan.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useKeptFocus } from '../ui/use-kept-focus.ts';

// Most people who open a guest need none of these: they are loaded for those who do. The server draws none of them: by the
// time the code is there, the stream has reported what the server did not know.
const ActionPanel = dynamic(
  () => import('../actions/action-panel.tsx').then((module) => module.ActionPanel),
  {
    ssr: false,
  },
);
const OperationPanel = dynamic(
  () => import('../operations/operation-panel.tsx').then((module) => module.OperationPanel),
  { ssr: false, loading: () => null },
);
const ChainTable = dynamic(() => import('../table/chain-table.tsx').then((module) => module.ChainTable), {
  ssr: false,
  loading: LoadingChain,
});
const DiskSection = dynamic(
  () => import('../section/cross-section.tsx').then((module) => module.DiskSection),
  { ssr: false, loading: LoadingChain },
);

/** The chain in the centre, and at its side the form with its plan, or the operation that is under way. */
export function DiskPanes({
  head,
  host,
  guest,
  disk,
  view,
}: {
  head: ReactNode;
  host: Host;
  guest: Guest;
  disk: Disk;
  view: View;
}) {
  const t = useTranslations('guest');
  const path = usePathname();
  const { settled, typed, type } = useTypedQuery();
  const picked = pickedFrom(typed);
  const action = actionNamed(formFrom(typed));
  const { target, chain } = disk;
  const { hosts, guests } = useFleet();
  const users = useMemo(
    () => imageUsers(guests.filter(({ hostId }) => hostId === guest.hostId)),
    [guests, guest.hostId],
  );
  const operation = useOperationOn({ hostId: guest.hostId, uuid: guest.uuid, target });
  const progress = useProgress(operation);
  const operationId = operation?.id ?? null;
  const side = useKeptFocus<HTMLElement>(operationId);
  /** Why a start was refused: the operation of somebody else, who was faster, must not pass for one's own. */
  const [refused, setRefused] = useState<Problem | null>(null);
  useEffect(() => {
    if (operationId !== null) return () => setRefused(null);
  }, [operationId]);

  const at = { host, others: hosts.filter(({ id }) => id !== host.id), guest, disk, picked };
  const actionForm = useForm(action);
  const form = operation !== null ? null : action === null ? FLATTEN : actionForm;
  const wanted = form?.intentFrom(typed, at) ?? null;
  const planned = form?.intentFrom(settled, { ...at, picked: pickedFrom(settled) }) ?? null;
  const plan = usePlan(host, guest, wanted === null ? null : planned);

  const select = (key: Picked) => goTo(path + withPicked(typed, key));
  const closed = () => path + withoutIntent(typed);

  const drawn = chain !== null &&
    chain.images.length > 0 && {
      guest,
      disk,
      chain,
      users,
      selected: picked,
      onSelect: select,
      operation,
      plan: wanted === null ? null : (plan.data ?? null),
    };
  const request = {
    at,
    plan,
    changing: typed !== settled,
    query: typed,
    onQuery: type,
    // What is started is not there to go back to.
    onStarted: () => correctTo(closed()),
    onRefused: setRefused,
  };
  return (
    <div className="grid min-h-full lg:h-full lg:grid-cols-[minmax(0,1fr)_335px]">
      <div className="flex min-h-0 min-w-0 flex-col">
        {head}
        <div className="min-h-96 flex-1 lg:min-h-0">
          {!drawn && <NoChain disk={disk} />}
          {drawn && view === 'table' && <ChainTable {...drawn} />}
          {drawn && view === 'section' && <DiskSection {...drawn} />}
          {drawn && view === 'graph' && <GuestDisk {...drawn} progress={progress} />}
        </div>
      </div>
      <aside
        ref={side}
        tabIndex={-1}
        aria-label={t('details')}
        className="min-w-0 border-line bg-panel -outline-offset-2 max-lg:border-t lg:overflow-y-auto lg:border-l"
      >
        {operation !== null ? (
          <>
            {refused && (
              <div role="alert" className="px-4 pt-4">
                <p className="mb-1 font-semibold text-bad">{t('startRefused')}</p>
                <ProblemNote problem={refused} />
              </div>
            )}
            <OperationPanel operation={operation} progress={progress} />
          </>
        ) : action !== null ? (
          <ActionPanel
            key={action}
            action={action}
            form={actionForm}
            {...request}
            onClose={() => goTo(closed())}
          />
        ) : (
          <FlattenPanel {...request} onCompletely={() => select(null)} />
        )}
      </aside>
    </div>
  );
}
