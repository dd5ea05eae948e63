import { type HierarchyPointNode, hierarchy, tree } from 'd3-hierarchy';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { imagesOf, type Span, spanId } from './folding.ts';

/** Sizes of what is drawn, in the graph's own units: pixels at a zoom of 1. */
export const IMAGE = { width: 164, height: 106 } as const;
export const FOLD = { width: 104, height: 106 } as const;
export const BRANCH = { width: 148, height: 28 } as const;
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

/** Another disk, or several at once, whose chain has the image `join` of this chain. */
export interface Branch {
  readonly id: string;
  readonly join: string;
  readonly users: readonly ImageUser[];
  /** Whether these are the disks that did not fit. */
  readonly rest: boolean;
}

export interface Layout {
  /** Boxes by span id. */
  readonly spans: ReadonlyMap<string, Box>;
  readonly branches: readonly { readonly branch: Branch; readonly box: Box }[];
}

/** The most disks that are drawn at one join; the others are counted. */
const DRAWN_BRANCHES = 3;

export function branchesAt(join: string, users: readonly ImageUser[]): readonly Branch[] {
  const drawn = users.length > DRAWN_BRANCHES ? DRAWN_BRANCHES - 1 : users.length;
  const branches: Branch[] = users
    .slice(0, drawn)
    .map((user) => ({ id: `branch:${join}:${user.uuid}:${user.target}`, join, users: [user], rest: false }));
  if (users.length > drawn) {
    branches.push({ id: `branch:${join}:rest`, join, users: users.slice(drawn), rest: true });
  }
  return branches;
}

interface Twig {
  readonly span: Span | null;
  readonly branch: Branch | null;
  readonly children: readonly Twig[];
}

/**
 * Places a chain in one straight line at `y` 0, with the base at the left and the active image at the right, with the disks that share an image above it, one column to the right of where they join.
 *
 * @param spans from the active image down
 * @param joins other disks by the key of the image where they join
 * @param wideAbove id of the span whose edge to the next one up needs space for figures
 */
export function layout(
  spans: readonly Span[],
  joins: ReadonlyMap<string, readonly ImageUser[]>,
  wideAbove: string | null = null,
): Layout {
  const placed = { spans: new Map<string, Box>(), branches: [] as { branch: Branch; box: Box }[] };
  const trunk = twigs(spans, joins);
  if (trunk === null) return placed;
  const columns = columnsOf(spans, wideAbove);
  const root = tree<Twig>()
    .nodeSize([1, 1])
    .separation((a, b) => (heightOf(a.data) + heightOf(b.data)) / 2 + 8)(hierarchy(trunk, (t) => t.children));
  root.each((node) => {
    const { span, branch } = node.data;
    const x = columns[node.depth] ?? 0;
    if (span) placed.spans.set(spanId(span), { x, y: 0, ...sizeOf(span) });
    if (branch) {
      const middle = IMAGE.height / 2 + fromSpine(node) - BRANCH.height / 2;
      placed.branches.push({ branch, box: { x, y: middle, ...BRANCH } });
    }
  });
  return placed;
}

/** The chain as a tree that grows from the base; at each image the other disks first, so that they are above. */
function twigs(spans: readonly Span[], joins: ReadonlyMap<string, readonly ImageUser[]>): Twig | null {
  let above: Twig | null = null;
  for (const span of spans) {
    const branches = imagesOf(span).flatMap(({ key }) => branchesAt(key, joins.get(key) ?? []));
    const leaves = branches.map((branch) => ({ span: null, branch, children: [] })).reverse();
    above = { span, branch: null, children: above ? [...leaves, above] : leaves };
  }
  return above;
}

/** d3 centres a parent over its children; a chain is to be straight, so distances are taken from the chain's own child. */
function fromSpine(node: HierarchyPointNode<Twig>): number {
  return node.x - (node.parent?.children?.at(-1)?.x ?? 0);
}

function columnsOf(spans: readonly Span[], wideAbove: string | null): readonly number[] {
  const columns = [0];
  let x = 0;
  for (const span of spans.toReversed()) {
    x += sizeOf(span).width + (spanId(span) === wideAbove ? WIDE_GAP : GAP);
    columns.push(x);
  }
  return columns;
}

function sizeOf(span: Span) {
  return span.kind === 'image' ? IMAGE : FOLD;
}

function heightOf(twig: Twig): number {
  return twig.span ? IMAGE.height : BRANCH.height;
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
