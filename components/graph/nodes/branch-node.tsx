import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import type { Branch } from '../layout/layout.ts';

export type BranchNodeType = Node<{ branch: Branch; ownUuid: string }, 'branch'>;

/** Another disk whose chain joins this one here. */
export function BranchNode({ data: { branch, ownUuid } }: NodeProps<BranchNodeType>) {
  const t = useTranslations('graph');
  const names = branch.users.map(({ guestName, target }) => `${guestName} · ${target}`);
  const [user] = branch.users;
  return (
    <div
      title={names.join('\n')}
      className="pointer-events-auto flex size-full items-center gap-1.5 rounded-lg border border-line border-dashed px-2 text-2xs text-muted whitespace-nowrap group-data-[far=true]/graph:text-[17px]"
    >
      {branch.rest || user === undefined ? (
        t('moreDisks', { count: branch.users.length })
      ) : (
        <>
          <span className="truncate">{user.uuid === ownUuid ? t('thisGuest') : user.guestName}</span>
          <span className="shrink-0">{user.target}</span>
        </>
      )}
    </div>
  );
}
