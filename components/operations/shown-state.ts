import {
  isOver,
  type Operation,
  type OperationState,
  type StepStatus,
} from '../../model/operation/operation.ts';
import { stepAtHand } from '../../model/operation/step-at-hand.ts';
import { useFleet } from '../live/use-fleet.ts';

/** The state of an operation, with two more for one that runs: paused for space, and unreachable. */
export type ShownState = OperationState | 'paused' | 'unreachable';

/** @param lost whether the host where it works now is not connected */
export function shownState({ state, paused, unreachable }: Operation, lost: boolean): ShownState {
  const works = state === 'running' || state === 'cancelling';
  if (works && (lost || unreachable)) return 'unreachable';
  return paused ? 'paused' : state;
}

export type ShownStep = StepStatus['state'] | 'paused' | 'unreachable' | 'cancelled';

/** The journal does not say of a step that it stopped with its operation. @param shown how the operation is shown */
export function shownStep(operation: Operation, index: number, shown: ShownState): ShownStep {
  const state = operation.steps[index]?.state ?? 'waiting';
  if (state === 'running' && shown === 'unreachable') return 'unreachable';
  if (state === 'running' && isOver(operation)) return shown === 'cancelled' ? 'cancelled' : 'failed';
  return operation.paused?.step === index ? 'paused' : state;
}

export function useShownState(): (operation: Operation) => ShownState {
  const { hosts } = useFleet();
  return (operation) => {
    const { plan } = operation;
    const hostId = plan.steps[stepAtHand(operation)]?.hostId ?? plan.hostId;
    const host = hosts.find(({ id }) => id === hostId);
    return shownState(operation, host !== undefined && host.state !== 'connected');
  };
}

const URGENCY: readonly ShownState[] = ['queued', 'running', 'cancelling', 'paused', 'unreachable'];

/** The state among several that matters most; `null` for none under way. */
export function foremost(states: readonly ShownState[]): ShownState | null {
  const at = Math.max(-1, ...states.map((state) => URGENCY.indexOf(state)));
  return URGENCY[at] ?? null;
}
