import { ViewportPortal } from '@xyflow/react';
import { useMemo } from 'react';
import type { Scene } from '../layout/scene.ts';
import { arrowOf } from './arrow.ts';
import { BackingLine, type FlowFigures } from './backing-line.tsx';

/**
 * All arrows in one picture. They are not React Flow's edges: those go from handle to handle, have to be
 * measured first, and each is an element of its own for assistive technology.
 */
export function Lines({ scene, figures }: { scene: Scene; figures: FlowFigures | null }) {
  const arrows = useMemo(() => {
    const boxes = new Map(scene.items.map(({ id, box }) => [id, box]));
    return scene.lines.flatMap((line) => {
      const [from, to] = [boxes.get(line.from), boxes.get(line.to)];
      return from && to ? [{ line, arrow: arrowOf(line.kind, from, to) }] : [];
    });
  }, [scene]);
  return (
    <ViewportPortal>
      <svg
        className="pointer-events-none absolute top-0 left-0 overflow-visible"
        width="1"
        height="1"
        aria-hidden="true"
      >
        {arrows.map(({ line, arrow }) => (
          <BackingLine
            key={line.id}
            line={line}
            arrow={arrow}
            figures={line.flow === 'none' ? null : figures}
          />
        ))}
      </svg>
    </ViewportPortal>
  );
}
