import { createContext, type RefObject, use } from 'react';
import type { Picked } from '../../address/picked.ts';

/** The actions of a graph's nodes, and the state that all of them share. */
export interface GraphActions {
  /** Id of the one node that the Tab key reaches. */
  readonly current: string;
  /** Key of the picked base; `undefined` if none is picked. */
  readonly picked: Picked;
  /** Id of a node that takes the focus as soon as it is drawn. */
  readonly wanted: RefObject<string | null>;
  readonly onFocus: (id: string, byKeyboard: boolean) => void;
  readonly pick: (key: string) => void;
  readonly unfold: (keys: readonly string[]) => void;
}

export const GraphActionsContext = createContext<GraphActions | null>(null);

export function useGraphActions(): GraphActions {
  const actions = use(GraphActionsContext);
  if (actions === null) throw new Error('A node of the graph was drawn outside of it');
  return actions;
}
