import type { Node, NodeProps } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import type { Joining } from '../layout/layout.ts';

export type JoiningNodeType = Node<{ joining: Joining; ownUuid: string }, 'joining'>;

/** Another disk whose chain joins this one here. */
export function JoiningNode({ data: { joining, ownUuid } }: NodeProps<JoiningNodeType>) {
  const t = useTranslations('graph');
  const names = joining.users.map(({ guestName, target }) => `${guestName} · ${target}`);
  const [user] = joining.users;
  return (
    <div
      title={names.join('\n')}
      className="pointer-events-auto flex size-full items-center gap-1.5 rounded-lg border border-line border-dashed px-2 text-2xs text-muted whitespace-nowrap group-data-[far=true]/graph:text-[17px]"
    >
      {joining.rest || user === undefined ? (
        t('moreDisks', { count: joining.users.length })
      ) : (
        <>
          <span className="truncate">{user.uuid === ownUuid ? t('thisGuest') : user.guestName}</span>
          <span className="shrink-0">{user.target}</span>
        </>
      )}
    </div>
  );
}
