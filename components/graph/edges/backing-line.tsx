import type { Line } from '../layout/scene.ts';
import type { Arrow } from './arrow.ts';

export interface FlowFigures {
  /** Bytes that the image written grew by. */
  readonly above: string | null;
  /** Whether data flows: false while the operation is queued. */
  readonly moving: boolean;
  /** The share that is done, as a text. */
  readonly below: string | null;
  /** The same, 0 to 1; `null` while it is unknown. */
  readonly share: number | null;
}

/** An arrow from an overlay to its backing image; while a job runs, data flows against it in a pull, with it in a commit. */
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
  const said = line.said ? figures : null;
  const share = said?.share ?? 0;
  const [path, head] = line.flow === 'with' ? [arrow.line, arrow.head] : [arrow.flow, arrow.flowHead];
  // A line that goes down has space at its right.
  const text = line.kind === 'copy' ? BESIDE : OVER;
  return (
    <g
      fill="none"
      className={line.spoils ? 'stroke-warn' : line.kind === 'joining' ? 'stroke-line' : 'stroke-line-strong'}
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {flows ? (
        <g className="stroke-accent">
          <path d={path} strokeWidth={5} opacity={0.22} />
          {share > 0 && <path d={path} pathLength={1} strokeDasharray={`${share} 2`} strokeWidth={5} />}
          <path d={path} className="flowing" strokeWidth={2} />
          <path d={head} strokeWidth={2} />
        </g>
      ) : (
        <>
          <path d={arrow.line} strokeDasharray={line.kind === 'branch' ? '3 4' : undefined} />
          <path d={arrow.head} />
        </>
      )}
      {said?.above && (
        <text {...arrow.middle} {...text.above} className="fill-text stroke-none text-2xs font-medium">
          {said.above}
        </text>
      )}
      {said?.below && (
        <text {...arrow.middle} {...text.below} className="fill-muted stroke-none text-2xs">
          {said.below}
        </text>
      )}
    </g>
  );
}

const OVER = {
  above: { dy: -10, textAnchor: 'middle' },
  below: { dy: 18, textAnchor: 'middle' },
} as const;

const BESIDE = {
  above: { dx: 12, dy: -2, textAnchor: 'start' },
  below: { dx: 12, dy: 14, textAnchor: 'start' },
} as const;
