import type { Chain } from './chain.ts';
import type { Guest } from './guest.ts';
import type { Image } from './image.ts';
import { type Lead, leadOf } from './revert-basis.ts';
import { isStale, lineOf, type RecordedDisk, type SnapshotRecord } from './snapshot-record.ts';

/**
 * What a snapshot is worth, the worst first.
 * - `useless`: a frozen image is missing, or one below it. A revert fails.
 * - `misset`: libvirt takes another image for the active one, so its next revert deletes the wrong file.
 * - `merged`: later data is in a frozen image, so a revert gives other data.
 * - `stale`: it names images that left the chain, where libvirt can't revert to external snapshots anyway.
 * - `written`: an image that it needs was or may have been written since, by whom and what is unknown. A revert may give other data.
 * - `unknown`: not all that it depends on could be read, or it is on something that is no file.
 * - `detached`: its frozen image left the chain by a pull or a copy. A revert works while the image is there.
 * - `branch`: it is beside the current chain, and a revert works.
 * - `good`: it is in the current chain.
 */
export const RECORD_STATES = [
  'useless',
  'misset',
  'merged',
  'stale',
  'written',
  'unknown',
  'detached',
  'branch',
  'good',
] as const;

export type RecordState = (typeof RECORD_STATES)[number];

const LOST: ReadonlySet<RecordState> = new Set(['useless', 'misset', 'merged', 'stale', 'written']);

/** Whether a revert to it fails, deletes the wrong file, or gives or may give other data. */
export function isLost(state: RecordState): boolean {
  return LOST.has(state);
}

/** What the states of a guest's records follow from. */
export type Recorded = Pick<Guest, 'disks' | 'records' | 'reverts'>;

/** Milliseconds: the resolution of a record's time. */
const SECOND = 1000;
/** Milliseconds in which a snapshot is surely taken after the time in its record, even if an agent has to freeze file systems. */
const LONGEST_SNAPSHOT = 10 * SECOND;

/** The states of a guest's snapshots, by name. @param target only what they say of this disk counts; `null` for all disks */
export function recordStates(
  guest: Recorded,
  target: string | null = null,
): ReadonlyMap<string, RecordState> {
  const { records, disks, reverts } = guest;
  const of = (record: SnapshotRecord) =>
    record.disks.filter((disk) => target === null || disk.target === target);
  if (reverts === null) {
    return new Map(
      records.map((record) => [
        record.name,
        isStale({ ...record, disks: of(record) }, disks) ? 'stale' : 'good',
      ]),
    );
  }
  const line = reverts.current === null ? [] : lineOf(records, reverts.current);
  return new Map(
    records.map((record) => [
      record.name,
      worst(of(record).map((disk) => new Judged(guest, line, record, disk).state())),
    ]),
  );
}

/** The state of one snapshot; `unknown` if there is no such record. */
export function recordState(guest: Recorded, name: string): RecordState {
  return recordStates(guest).get(name) ?? 'unknown';
}

/**
 * Whether this current record does not name the active image of a disk. libvirt's next revert then deletes another file; without
 * any current record it ends its daemon.
 */
export function isMisset({ disks }: Pick<Guest, 'disks'>, record: SnapshotRecord): boolean {
  return record.disks.some(({ target, overlay, reverted }) => {
    const named = reverted ?? overlay;
    return named !== null && named !== disks.find((disk) => disk.target === target)?.chain?.images[0]?.key;
  });
}

/**
 * Keys of the images that reverts read, or delete as the present overlay; none where libvirt can't revert to external
 * snapshots.
 */
export function neededImages(guest: Recorded): ReadonlySet<string> {
  if (guest.reverts === null) return new Set();
  const lead = (key: string) => [key, ...leadOf(guest, key).images.map((image) => image.key)];
  return new Set(
    guest.records.flatMap(({ disks, media = [] }) => [
      ...disks.flatMap(({ frozen, reverted }) => [
        ...(frozen === null ? [] : lead(frozen)),
        ...(reverted === undefined ? [] : [reverted]),
      ]),
      ...media.flatMap(({ image }) => lead(image)),
    ]),
  );
}

function worst(states: readonly RecordState[]): RecordState {
  return RECORD_STATES.find((state) => states.includes(state)) ?? 'good';
}

type Written = 'other' | 'yes' | 'perhaps' | 'no';

/** States of what froze an image that is right below what was active next, as libvirt has it. */
const WHERE_IT_WAS = { other: 'merged', yes: 'written', perhaps: 'good', no: 'good' } as const;
/** Of what froze one that is below another: what was between was pulled away, or committed into it. */
const AFTER_A_PULL_OR_COMMIT = { other: 'merged', yes: 'merged', perhaps: 'written', no: 'good' } as const;

/** What a record says of one disk, on a host that reverts to external snapshots. The rules were found by experiment on libvirt 11.3 and 12.8. */
class Judged {
  readonly #guest: Recorded;
  /** The current record and its ancestors; `null` if unknown. */
  readonly #line: readonly SnapshotRecord[] | null;
  readonly #record: SnapshotRecord;
  readonly #disk: RecordedDisk;

  constructor(
    guest: Recorded,
    line: readonly SnapshotRecord[] | null,
    record: SnapshotRecord,
    disk: RecordedDisk,
  ) {
    this.#guest = guest;
    this.#line = line;
    this.#record = record;
    this.#disk = disk;
  }

  state(): RecordState {
    const { frozen, kind, volume } = this.#disk;
    const lead: Lead = frozen === null ? { images: [], complete: false } : leadOf(this.#guest, frozen);
    if (lead.images.some(({ missing }) => missing)) return 'useless';
    if (this.#line === null) return 'unknown';
    // libvirt refuses a revert to what is no file.
    const [top] = lead.images;
    if (kind === 'external' && (volume || (top !== undefined && !isFile(top)))) return 'unknown';
    const place = this.#line.indexOf(this.#record);
    // Reverting while no record is current ended libvirtd 11.3 and 12.8.
    if (this.#line.length === 0 && kind === 'external') return 'misset';
    if (place === -1) return this.#aside(lead, 'branch');
    const disk = this.#guest.disks.find(({ target }) => target === this.#disk.target);
    // A revert brings a disk back that the guest lost.
    if (disk === undefined) return this.#aside(lead, 'detached');
    const { chain, problem } = disk;
    const active = chain?.images[0]?.key;
    if (chain === null || problem !== null || active === undefined || frozen === null) return 'unknown';
    const named = this.#disk.reverted ?? this.#disk.overlay;
    if (place === 0 && named !== null && named !== active) return 'misset';
    if (!chain.images.some(({ key }) => key === frozen)) return this.#aside(lead, 'detached');
    // What a snapshot left out went on being written, and a revert takes the image as it is.
    if (kind === 'none') return 'good';
    const next = place === 0 ? active : this.#frozenBy(this.#line[place - 1]);
    if (next === null) return 'unknown';
    // The guest writes it.
    if (kind === 'external' && frozen === active) return 'merged';
    const written = this.#written(lead);
    // libvirt itself merges images above, too, and leaves the record right; so does whoever repairs an image.
    if (this.#isBelow(chain, next)) return WHERE_IT_WAS[written];
    return AFTER_A_PULL_OR_COMMIT[written];
  }

  /** Outside of the chain nothing but the images themselves counts. */
  #aside(lead: Lead, state: 'branch' | 'detached'): RecordState {
    if (!lead.complete) return 'unknown';
    if (this.#disk.kind === 'none') return state;
    const written = this.#written(lead);
    return written === 'no' || written === 'perhaps' ? state : WHERE_IT_WAS[written];
  }

  /** Whether the frozen image is where libvirt would have it: right below what was active next. */
  #isBelow({ images }: Chain, next: string): boolean {
    const { frozen, kind } = this.#disk;
    const above = images.findIndex(({ key }) => key === frozen) - 1;
    return kind === 'internal' ? frozen === next : images[above]?.key === next;
  }

  #frozenBy(child: SnapshotRecord | undefined): string | null {
    return child?.disks.find(({ target }) => target === this.#disk.target)?.frozen ?? null;
  }

  /** Whether the frozen image, or one that it leads to, was written after the snapshot; `other`: with other data. */
  #written({ images }: Lead): Written {
    const { records, reverts } = this.#guest;
    const { frozen, target } = this.#disk;
    const { name, createdAt } = this.#record;
    // libvirt was about to merge into this image, and was interrupted.
    const marked = records.some(({ disks }) =>
      disks.some((disk) => disk.deleting && disk.target === target && disk.overlay === frozen),
    );
    if (marked) return 'other';
    const since = images.map(({ key }) => {
      if (reverts?.writtenByUs?.[key]?.includes(name)) return 0;
      const at = reverts?.writtenAt[key];
      return at === undefined ? null : at - createdAt;
    });
    if (since.some((late) => late !== null && late > LONGEST_SNAPSHOT)) return 'yes';
    return since.every((late) => late !== null && late <= SECOND) ? 'no' : 'perhaps';
  }
}

function isFile({ source }: Image): boolean {
  return source.kind === 'file' || source.kind === 'volume';
}
