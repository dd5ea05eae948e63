import type { Arrow } from './arrow.ts';
import type { Line } from './scene.ts';

export interface FlowFigures {
  /** Bytes that the active image grew by. */
  readonly above: string | null;
  /** Whether data flows: not while the operation waits for its turn. */
  readonly moving: boolean;
  /** How much is done. */
  readonly below: string | null;
  /** The same, 0 to 1; `null` where nobody knows yet. */
  readonly share: number | null;
}

/** An arrow from an overlay to its backing image; while a job runs, data flows against it. */
export function BackingLine({
  line,
  arrow,
  figures,
}: {
  line: Line;
  arrow: Arrow;
  figures: FlowFigures | null;
}) {
  const flows = line.flow !== 'none' && figures?.moving === true;
  const said = line.flow === 'into-active' ? figures : null;
  const share = said?.share ?? 0;
  return (
    <g
      fill="none"
      className={line.kind === 'branch' ? 'stroke-line' : 'stroke-line-strong'}
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {flows ? (
        <g className="stroke-accent">
          <path d={arrow.flow} strokeWidth={5} opacity={0.22} />
          {share > 0 && <path d={arrow.flow} pathLength={1} strokeDasharray={`${share} 2`} strokeWidth={5} />}
          <path d={arrow.flow} className="flowing" strokeWidth={2} />
          <path d={arrow.flowHead} strokeWidth={2} />
        </g>
      ) : (
        <path d={`${arrow.line}${arrow.head}`} />
      )}
      {said?.above && (
        <text
          {...arrow.middle}
          dy={-10}
          className="fill-text stroke-none text-2xs font-medium"
          textAnchor="middle"
        >
          {said.above}
        </text>
      )}
      {said?.below && (
        <text {...arrow.middle} dy={18} className="fill-muted stroke-none text-2xs" textAnchor="middle">
          {said.below}
        </text>
      )}
    </g>
  );
}
