import { OPERATION_STATES } from '../../model/operation/operation.ts';
import type { HistoryFilter } from '../address/history.ts';
import { isUuid } from '../address/uuid.ts';

/** So many operations at once; more are asked for. */
export const PAGE = 100;

/** What the server is asked for: the newest operations, over or not. What can't be a state or a UUID matches everything. */
export function historyInput({ host, guest, state, actor }: HistoryFilter) {
  const known = OPERATION_STATES.find((one) => one === state);
  return {
    limit: PAGE,
    ...(host === '' ? {} : { hostId: host }),
    ...(isUuid(guest) ? { uuid: guest } : {}),
    ...(known === undefined ? {} : { state: known }),
    ...(actor === '' ? {} : { actor }),
  };
}
