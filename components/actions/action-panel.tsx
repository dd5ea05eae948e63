'use client';

import { useTranslations } from 'next-intl';
import type { Form } from '../plan/form-of.tsx';
import { Panel } from '../ui/panel.tsx';
import type { ActionAt, ActionName } from './action.ts';
import { focusMenu } from './action-menu.tsx';
import { PlannedForm, type PlannedFormProps } from './planned-form.tsx';

/** The form of an action over the plan that its values make. */
export function ActionPanel({
  action,
  form,
  onClose,
  ...request
}: PlannedFormProps & {
  action: ActionName;
  /** `null` until it is loaded. */
  form: Form<ActionAt> | null;
  onClose: () => void;
}) {
  const t = useTranslations('actions');
  const { guest, disk } = request.at;

  function close() {
    onClose();
    focusMenu();
  }

  return (
    <Panel title={t(`${action}.title`, { guest: guest.name, target: disk.target })} onClose={close}>
      <PlannedForm form={form} {...request} />
    </Panel>
  );
}
