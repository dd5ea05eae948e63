import type { Chain } from '../../fleet/chain.ts';
import { pathProblem } from '../../fleet/destination.ts';
import type { Disk } from '../../fleet/disk.ts';
import type { Guest } from '../../fleet/guest.ts';
import { type Image, imagePath, UNKNOWN_TRAITS } from '../../fleet/image.ts';
import { type Problem, problem } from '../../problem.ts';
import { keepsBitmaps } from '../bitmaps.ts';
import { qemuImgCommand } from '../command.ts';
import type { IntentKind, StepKind } from '../kind.ts';
import type { PlanOf } from '../plan.ts';
import { nameIn } from '../plan.ts';
import { unsureWarnings } from '../shared-refusals.ts';
import type { AnyStep } from '../step.ts';
import { type FixFacts, fixPlan } from './fix-plan.ts';
import { type OfflineFacts, offlineRefusals } from './offline-refusals.ts';

/** Change the backing image that the header of an image names, while the guest is shut off. */
export interface RewriteHeaderIntent {
  readonly kind: 'rewrite-header';
  readonly target: string;
  /** Key of the image whose header it is. */
  readonly image: string;
  /** Absolute path. */
  readonly backing: string;
  readonly format: 'qcow2' | 'raw';
  /** Whether the operator wants it although the guest then reads other data than now. */
  readonly contentMayChange: boolean;
}

export const rewriteHeaderIntentKind: IntentKind<RewriteHeaderIntent> = {
  text: (plan, { image }) => ({ image: nameIn(plan, image) }),
};

/** Writes the name and the format of the backing image into a header. */
export interface RewriteHeaderStep extends AnyStep {
  readonly kind: 'rewrite-header';
  readonly target: string;
  /** Path of the image whose header it is. */
  readonly image: string;
  readonly was: { readonly name: string; readonly format: string | null };
  readonly backing: { readonly name: string; readonly format: string };
}

export const rewriteHeaderStepKind: StepKind<RewriteHeaderStep> = {
  work: 'call',
  bitmaps: keepsBitmaps,
  command: (_, { image, backing: { name, format } }) => [
    qemuImgCommand('rebase', '-u', '-f', 'qcow2', '-b', name, '-F', format, image),
  ],
  text: (plan, { image, backing }) => ({ image: nameIn(plan, image), ...backing }),
};

/** What is at the path of a backing image. */
export interface BackingFile {
  readonly at: 'there' | 'missing' | 'unreadable';
  readonly beginsAsQcow2: boolean;
}

/** The backing image that a header names now, and the one that it is to name. */
export interface BackingChange {
  readonly name: string;
  /** `null` if the header names no format. */
  readonly format: string | null;
  readonly now: BackingFile;
  readonly wanted: BackingFile;
  /** Whether the new name is the same file as the present one. */
  readonly same: boolean;
  /** Whether the new backing image depends on the image itself. */
  readonly loops: boolean;
}

export interface RewriteHeaderFacts extends FixFacts, OfflineFacts {
  /** `null` if the header can't be read, or names no backing image. */
  readonly header: BackingChange | null;
  /** Whether libvirt keeps the guest's memory, which fits only the present images. */
  readonly savedState: boolean;
}

/**
 * The plan that writes another name or format of the backing image into a header. If the chain can be read now and
 * the guest would read other data afterwards, the plan is refused unless the intent allows it.
 */
export function planRewriteHeader(
  guest: Guest,
  disk: Disk,
  intent: RewriteHeaderIntent,
  facts: RewriteHeaderFacts,
): PlanOf<RewriteHeaderIntent, RewriteHeaderStep> {
  const { header } = facts;
  const { backing: name, format } = intent;
  const images = disk.chain?.images ?? [];
  const image = images.find(({ key }) => key === intent.image);
  const offline = offlineRefusals(guest, image, facts);
  const was = header === null ? { name: '', format: null } : { name: header.name, format: header.format };
  const path = (image && imagePath(image)) ?? '';
  return fixPlan(guest, disk, facts, {
    intent,
    after: afterwards(images, image, intent),
    dependsOn: header,
    steps: [
      {
        kind: 'rewrite-header',
        hostId: guest.hostId,
        target: disk.target,
        image: path,
        was,
        backing: { name, format },
      },
    ],
    refusals: [
      ...offline,
      ...(facts.savedState ? [problem('SAVED_STATE', { guest: guest.name })] : []),
      ...(offline.length > 0 ? [] : headerRefusals(intent, header)),
    ],
    warnings: [
      ...(header === null ? [] : contentWarnings(intent, header)),
      ...unsureWarnings(facts.dependents),
    ],
  });
}

/** The images below the new backing image are unknown before it is read. */
function afterwards(
  images: readonly Image[],
  image: Image | undefined,
  { backing, format }: RewriteHeaderIntent,
): Chain {
  const at = image === undefined ? -1 : images.indexOf(image);
  const below = images[at + 1];
  if (at === -1 || (below !== undefined && imagePath(below) === backing && below.format === format)) {
    return { images };
  }
  const named: Image = {
    key: backing,
    source: { kind: 'file', path: backing },
    format,
    index: null,
    virtualSize: below?.virtualSize ?? null,
    allocated: null,
    missing: false,
    traits: UNKNOWN_TRAITS,
  };
  return { images: [...images.slice(0, at + 1), named, ...images.slice(at + 2)] };
}

function headerRefusals(intent: RewriteHeaderIntent, header: BackingChange | null): readonly Problem[] {
  const { image, backing: path, format } = intent;
  if (header === null) return [problem('NO_BACKING_NAMED', { image })];
  if (pathProblem(path) !== null) return [problem('BACKING_PATH_BAD', { path })];
  if (header.loops) return [problem('BACKING_LOOP', { image, path })];
  if (header.wanted.at === 'missing') return [problem('BACKING_MISSING', { path })];
  if (header.wanted.at === 'unreadable') return [problem('BACKING_NOT_READ', { path })];
  if (header.name === path && header.format === format) return [problem('HEADER_SAME', { image })];
  if (format === 'qcow2' && !header.wanted.beginsAsQcow2) return [problem('BACKING_NO_QCOW2', { path })];
  return changesContent(intent, header) && !intent.contentMayChange
    ? [problem('HEADER_CHANGES_CONTENT', { image })]
    : [];
}

function contentWarnings(intent: RewriteHeaderIntent, header: BackingChange): readonly Problem[] {
  const { image } = intent;
  if (!isReadable(header)) return [problem('BACKING_UNVERIFIED', { image })];
  return changesContent(intent, header) ? [problem('HEADER_CHANGED_CONTENT', { image })] : [];
}

/** Whether QEMU can open the backing image that the header names now. */
function isReadable({ now, format }: BackingChange): boolean {
  return now.at === 'there' && (format !== 'qcow2' || now.beginsAsQcow2);
}

/** Without a format in the header, QEMU guesses it from the first bytes. */
function changesContent({ format }: RewriteHeaderIntent, header: BackingChange): boolean {
  const { now, same } = header;
  const read = header.format ?? (now.beginsAsQcow2 ? 'qcow2' : 'raw');
  return isReadable(header) && (!same || read !== format);
}
