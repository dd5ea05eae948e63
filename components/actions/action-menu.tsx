'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { KeyboardEvent } from 'react';
import { withForm } from '../address/form.ts';
import { goTo } from '../address/go.ts';
import { useFleet } from '../live/use-fleet.ts';
import { useOperationOn } from '../live/use-operations.ts';
import { Popover } from '../ui/popover.tsx';
import { ACTION_NAMES, type ActionAt } from './action.ts';
import { FORMS } from './forms.ts';
import { impossible } from './unavailable.ts';

const ID = 'action-menu';

const OFFERED = ACTION_NAMES.filter((name) => FORMS[name] !== undefined);

/** Where the focus goes back to when a form is closed. */
export function focusMenu(): void {
  document.querySelector<HTMLElement>(`#${ID} > button`)?.focus();
}

/** What can be done with the guest and the disk in view, beside flattening. */
export function ActionMenu({ at }: { at: ActionAt }) {
  const t = useTranslations('actions');
  const path = usePathname();
  const query = useSearchParams();
  const hosts = useFleet().hosts.length;
  const { guest, disk } = at;
  const busy = useOperationOn({ hostId: guest.hostId, uuid: guest.uuid, target: disk.target }) !== null;

  if (OFFERED.length === 0) return null;
  return (
    <span id={ID} className="shrink-0">
      <Popover label={t('menu')} side="bottom" button={{ children: <MenuText text={t('menu')} /> }}>
        {(close) => (
          <ul className="-m-1.5" onKeyDown={moveBetweenItems}>
            {OFFERED.map((name) => {
              const reason = impossible(name, at, { busy, hosts });
              return (
                <li key={name}>
                  <button
                    type="button"
                    aria-disabled={reason !== null}
                    onClick={() => {
                      if (reason !== null) return;
                      close();
                      goTo(path + withForm(query, name));
                    }}
                    className="block w-full rounded-md px-2 py-1.5 text-left hover:bg-hover aria-disabled:opacity-60 aria-disabled:hover:bg-transparent"
                  >
                    <span className="block font-medium">{t(`${name}.name`)}</span>
                    <span className="block text-2xs text-muted">
                      {reason === null ? t(`${name}.hint`) : t(`impossible.${reason}`)}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </Popover>
    </span>
  );
}

function MenuText({ text }: { text: string }) {
  return (
    <>
      {text}
      <svg
        aria-hidden
        width="9"
        height="9"
        viewBox="0 0 9 9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      >
        <path d="m1.5 3 3 3 3-3" />
      </svg>
    </>
  );
}

function moveBetweenItems(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = items.findIndex((item) => item.matches(':focus'));
  items.at((at + step) % items.length)?.focus();
}
