'use client';

import { ReactFlow, ReactFlowProvider, useStore } from '@xyflow/react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { Picked } from '../address/picked.ts';
import '@xyflow/react/dist/base.css';
import type { FlowFigures } from './edges/backing-line.tsx';
import { AfterNode } from './nodes/after-node.tsx';
import { AsideNode } from './nodes/aside-node.tsx';
import { CaptionNode } from './nodes/caption-node.tsx';
import { FoldNode } from './nodes/fold-node.tsx';
import { ChainMap } from './view/chain-map.tsx';
import { type Labels, nodesOf } from './view/elements.ts';
import './graph.css';
import { Lines } from './edges/lines.tsx';
import type { Box } from './layout/layout.ts';
import type { Scene } from './layout/scene.ts';
import { GraphActionsContext } from './nodes/graph-actions.ts';
import { ImageNode } from './nodes/image-node.tsx';
import { JoiningNode } from './nodes/joining-node.tsx';
import { LeftoverNode } from './nodes/leftover-node.tsx';
import { type FocusRow, moveFocus } from './view/move-focus.ts';
import { useView } from './view/use-view.ts';
import { ViewButtons } from './view/view-buttons.tsx';
import { FAR_ZOOM, MAX_ZOOM, MIN_ZOOM, SPECK_ZOOM } from './view/viewport.ts';

export interface CanvasProps {
  scene: Scene;
  labels: Labels;
  figures: FlowFigures | null;
  picked: Picked;
  onPick: (key: string | undefined) => void;
  onUnfold: (keys: readonly string[]) => void;
  label: string;
  /** Names the chain that is drawn. */
  chain: string;
  unfolded: boolean;
}

const NODES = {
  image: ImageNode,
  fold: FoldNode,
  aside: AsideNode,
  joining: JoiningNode,
  caption: CaptionNode,
  after: AfterNode,
  leftover: LeftoverNode,
};

/** The graph of one disk. It is loaded on demand, since it needs React Flow. */
export default function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ scene, labels, figures, picked, onPick, onUnfold, label, chain, unfolded }: CanvasProps) {
  const boxes = useMemo(() => new Map(scene.items.map(({ id, box }) => [id, box])), [scene]);
  const base = typeof picked === 'string' ? boxes.get(`image:${picked}`) : undefined;
  const view = useView(
    scene,
    chain,
    unfolded,
    base && picked ? { id: picked, middle: base.x + base.width / 2 } : null,
  );
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  const speck = useStore((state) => state.transform[2] < SPECK_ZOOM);
  const crowded = useStore((state) => scene.now.width * state.transform[2] > state.width);
  const root = useRef<HTMLDivElement>(null);
  const [chosen, setCurrent] = useState<string | null>(null);
  const rows = useMemo(() => rowsOf(scene, boxes), [scene, boxes]);
  const known = chosen !== null && rows.some(({ cells }) => cells.some(({ id }) => id === chosen));
  const current = known ? chosen : (scene.order[0] ?? '');
  const wanted = useRef<string | null>(null);

  const nodes = useMemo(() => nodesOf(scene, labels), [scene, labels]);

  const actions = {
    current,
    picked,
    wanted,
    onFocus: (id: string, byKeyboard: boolean) => {
      setCurrent(id);
      const box = boxes.get(id);
      if (box && byKeyboard) view.reveal(box);
    },
    pick: (key: string) => onPick(key === picked ? undefined : key),
    unfold: (keys: readonly string[]) => {
      // The fold disappears with the focus on it, so its first image gets the focus.
      wanted.current = keys[0] === undefined ? null : `image:${keys[0]}`;
      onUnfold(keys);
    },
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = moveFocus(rows, current, event.key);
    if (next) {
      const node = root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`);
      node?.focus({ preventScroll: true });
    } else if (event.key === 'Escape') onPick(undefined);
    else if (event.key === '+' || event.key === '=') view.zoomIn();
    else if (event.key === '-') view.zoomOut();
    else if (event.key === '0') view.fit();
    else return;
    event.preventDefault();
  };

  return (
    <div className="relative size-full">
      <GraphActionsContext value={actions}>
        <ReactFlow
          ref={root}
          className="group/graph"
          data-far={far}
          data-speck={speck}
          aria-label={label}
          nodes={nodes}
          nodeTypes={NODES}
          minZoom={MIN_ZOOM}
          maxZoom={MAX_ZOOM}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          panOnScroll
          zoomOnDoubleClick={false}
          onMove={(event) => event && view.onMoved()}
          onPaneClick={() => onPick(undefined)}
          onKeyDown={onKeyDown}
        >
          <Lines scene={scene} figures={figures} />
          {crowded && <ChainMap width={scene.now.width} />}
        </ReactFlow>
      </GraphActionsContext>
      <ViewButtons view={view} />
    </div>
  );
}

/** The chain and its branches as the keys move through them. */
function rowsOf({ order, branches }: Scene, boxes: ReadonlyMap<string, Box>): readonly FocusRow[] {
  return [{ order, on: null }, ...branches].map(({ order: ids, on }) => ({
    cells: ids.map((id) => ({ id, x: boxes.get(id)?.x ?? 0 })),
    y: boxes.get(ids[0] ?? '')?.y ?? 0,
    on,
  }));
}
