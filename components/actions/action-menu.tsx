'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { withForm } from '../address/form.ts';
import { goTo } from '../address/go.ts';
import { useOperationOn } from '../live/use-operations.ts';
import { LineIcon } from '../ui/line-icon.tsx';
import { MenuList } from '../ui/menu-list.tsx';
import { Popover } from '../ui/popover.tsx';
import { ACTION_NAMES, type ActionAt } from './action.ts';
import { whyUnavailable } from './unavailable.ts';

const ID = 'action-menu';

/** Where the focus goes back to when a form is closed. */
export function focusMenu(): void {
  document.querySelector<HTMLElement>(`#${ID} > button`)?.focus();
}

/** What can be done with the guest and the disk in view, beside flattening. */
export function ActionMenu({ at }: { at: ActionAt }) {
  const t = useTranslations('actions');
  const path = usePathname();
  const query = useSearchParams();
  const { guest, disk } = at;
  const busy = useOperationOn({ hostId: guest.hostId, uuid: guest.uuid, target: disk.target }) !== null;

  return (
    <span id={ID} className="shrink-0">
      <Popover label={t('menu')} side="bottom" button={{ children: <MenuText text={t('menu')} /> }}>
        {(close) => (
          <MenuList
            items={ACTION_NAMES.map((name) => {
              const reason = whyUnavailable(name, at, busy);
              const hint = reason === null ? t(`${name}.hint`) : t(`unavailable.${reason}`);
              return { key: name, label: t(`${name}.name`), hint, unavailable: reason !== null };
            })}
            onChoose={({ key }) => {
              close();
              goTo(path + withForm(query, key));
            }}
          />
        )}
      </Popover>
    </span>
  );
}

function MenuText({ text }: { text: string }) {
  return (
    <>
      {text}
      <LineIcon size={9}>
        <path d="m1.5 3 3 3 3-3" />
      </LineIcon>
    </>
  );
}
