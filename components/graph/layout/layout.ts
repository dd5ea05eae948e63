import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { imagesOf, type Span, spanId } from './folding.ts';

/** Sizes of what is drawn, in the graph's own units: pixels at a zoom of 1. */
export const IMAGE = { width: 164, height: 106 } as const;
export const FOLD = { width: 104, height: 106 } as const;
/** Another disk that joins the chain. */
export const JOINING = { width: 148, height: 28 } as const;
/** An image beside the chain. */
export const ASIDE = { width: 164, height: 58 } as const;
export const ASIDE_FOLD = { width: 104, height: 58 } as const;
export const LEFTOVER = { width: 164, height: 48 } as const;
export const GAP = 44;
/** Between two images while data flows, so that its figures fit on the edge. */
export const WIDE_GAP = 104;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Another disk, or several at once, whose chain has the image `at` of this chain. */
export interface Joining {
  readonly id: string;
  readonly at: string;
  readonly users: readonly ImageUser[];
  /** Whether these are the disks that did not fit. */
  readonly rest: boolean;
}

/** A branch as it is drawn. */
export interface BranchSpans {
  /** From the topmost image down. */
  readonly spans: readonly Span[];
  /** Id of the span that the lowest one is backed by, in the chain or in a branch before this one; `null` if it is backed by neither. */
  readonly on: string | null;
}

export interface Layout {
  /** Boxes by span id, of the chain and of its branches. */
  readonly spans: ReadonlyMap<string, Box>;
  readonly joining: readonly { readonly joining: Joining; readonly box: Box }[];
}

/** The most disks that are drawn at one join; the others are counted. */
const DRAWN_JOINING = 3;

export function joiningAt(at: string, users: readonly ImageUser[]): readonly Joining[] {
  const drawn = users.length > DRAWN_JOINING ? DRAWN_JOINING - 1 : users.length;
  const found: Joining[] = users
    .slice(0, drawn)
    .map((user) => ({ id: `joining:${at}:${user.uuid}:${user.target}`, at, users: [user], rest: false }));
  if (users.length > drawn) {
    found.push({ id: `joining:${at}:rest`, at, users: users.slice(drawn), rest: true });
  }
  return found;
}

/** Between two things that are drawn one above the other. */
const AIR = 8;
/** The same above an image of a branch or below it, where its snapshots hang. */
const BRANCH_AIR = 30;

/**
 * Places a chain in one straight line at `y` 0, with the base at the left and the active image at the right. Above it, one column
 * to the right of what they rest on, are the disks that share an image and the branches. No line from above crosses a box.
 *
 * @param spans from the active image down
 * @param joins other disks by the key of the image where they join
 * @param wideAbove id of the span whose edge to the next one up needs space for figures
 */
export function layout(
  spans: readonly Span[],
  joins: ReadonlyMap<string, readonly ImageUser[]>,
  wideAbove: string | null = null,
  branches: readonly BranchSpans[] = [],
): Layout {
  const placed = { spans: new Map<string, Box>(), joining: [] as { joining: Joining; box: Box }[] };
  if (spans.length === 0) return placed;
  const columns = columnsOf(spans, branches);
  const x = offsets(columns, [...spans, ...branches.flatMap((branch) => branch.spans)], wideAbove);
  /** The upper edge of what is in each column so far; what joins at the active image is in line with it. */
  const tops = new Map<number, number>();

  spans.forEach((span, i) => {
    const column = spans.length - 1 - i;
    placed.spans.set(spanId(span), { x: x(column), y: 0, ...sizeOf(span) });
    tops.set(column, 0);
  });

  function above(column: number, length: number, height: number, air: number): number {
    const covered = Array.from({ length }, (_, i) => tops.get(column + i) ?? 0);
    const y = Math.min(...covered, 0) - air - height;
    // Its line goes down in the column before.
    for (let i = column === 0 ? 0 : -1; i < length; i++) tops.set(column + i, y);
    return y;
  }

  function join(column: number, joining: Joining) {
    const middle = (IMAGE.height - JOINING.height) / 2;
    const y = tops.has(column) ? above(column, 1, JOINING.height, AIR) : middle;
    if (y === middle) tops.set(column, y);
    placed.joining.push({ joining, box: { x: x(column), y, ...JOINING } });
  }

  function grow(branch: BranchSpans) {
    const { spans: images } = branch;
    const [first] = images;
    if (first === undefined) return;
    const last = columns.get(spanId(first)) ?? 0;
    const y = above(last - images.length + 1, images.length, ASIDE.height, BRANCH_AIR);
    images.forEach((span, i) => {
      placed.spans.set(spanId(span), { x: x(last - i), y, ...asideSizeOf(span) });
    });
    for (const span of images) growOn(spanId(span));
  }

  function growOn(id: string | null) {
    for (const branch of branches) if (branch.on === id) grow(branch);
  }

  // From the active image down: what begins further left goes above what begins further right, which its line passes.
  spans.forEach((span, i) => {
    const next = spans.length - i;
    for (const { key } of imagesOf(span)) {
      for (const joining of joiningAt(key, joins.get(key) ?? [])) join(next, joining);
    }
    growOn(spanId(span));
  });
  growOn(null);
  return placed;
}

/** The column of each span, counted from the base. */
function columnsOf(spans: readonly Span[], branches: readonly BranchSpans[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { spans: line, on } of [{ spans, on: null }, ...branches]) {
    const first = on === null ? 0 : (columns.get(on) ?? -1) + 1;
    line.forEach((span, i) => {
      columns.set(spanId(span), first + line.length - 1 - i);
    });
  }
  return columns;
}

/** Where each column begins. */
function offsets(
  columns: ReadonlyMap<string, number>,
  spans: readonly Span[],
  wideAbove: string | null,
): (column: number) => number {
  const widths: number[] = [];
  for (const span of spans) {
    const column = columns.get(spanId(span)) ?? 0;
    widths[column] = Math.max(widths[column] ?? 0, sizeOf(span).width);
  }
  const wide = wideAbove === null ? undefined : columns.get(wideAbove);
  const starts = [0];
  widths.forEach((width, column) => {
    starts.push((starts[column] ?? 0) + width + (column === wide ? WIDE_GAP : GAP));
  });
  return (column) => starts[column] ?? 0;
}

function sizeOf(span: Span) {
  return span.kind === 'image' ? IMAGE : FOLD;
}

function asideSizeOf(span: Span) {
  return span.kind === 'image' ? ASIDE : ASIDE_FOLD;
}

/** The smallest box around all of them; `null` around nothing. */
export function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
