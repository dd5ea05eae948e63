import type { Examination, ExaminedDisk, NamedBacking } from '../../../model/doctor/examination.ts';
import type { DiskRef, GuestRef } from '../../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { ImageCheck } from '../../../model/fleet/image.ts';
import { imageKey, imagePath } from '../../../model/fleet/image.ts';
import { type Problem, ProblemError, problem } from '../../../model/problem.ts';
import { parseUri } from '../../libvirt/index.ts';
import type { FreshGuests } from '../../ports/fresh-guests.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { otherDefinedChains } from '../references/defined-chains.ts';
import { RemoteShellError } from '../shell/remote-shell.ts';
import { Turns } from '../shell/turns.ts';
import { type HeaderFiles, LOCAL_FILES } from './header-files.ts';
import { namedBackings } from './named-backings.ts';
import { remoteFiles } from './remote-header-files.ts';

const NONE: ReadonlyMap<string, readonly NamedBacking[]> = new Map();

/** Guests that are examined at once: each takes a few calls to its host, and reads of its images' first bytes. */
const GUESTS_AT_ONCE = 4;

/** Examines guests on request: their chains, definitions and files. */
export class Examiner {
  readonly #fleet: Fleet;
  readonly #freshGuests: FreshGuests;
  readonly #turns = new Turns(GUESTS_AT_ONCE);

  constructor(fleet: Fleet, freshGuests: FreshGuests) {
    this.#fleet = fleet;
    this.#freshGuests = freshGuests;
  }

  /**
   * Throws a `ProblemError` where the guest can't be read, or the host's own error.
   * @param isBusy whether an operation works on the disk
   */
  examine(ref: GuestRef, isBusy: (disk: DiskRef) => boolean): Promise<Examination> {
    return this.#turns.take(async () => {
      const guest = await this.#freshGuests.guest(ref);
      const supervisor = this.#fleet.supervisor(ref.hostId);
      const { capabilities } = supervisor.host();
      const source = supervisor.source();
      const defined = isActive(guest) ? await otherDefinedChains(source, guest) : [];
      const { backings, notInspected } = await this.#backingsOf(guest);
      const disks = guest.disks.map(({ target }): ExaminedDisk => {
        const other = defined.find((one) => one.target === target)?.images[0];
        return {
          target,
          definedOther: other === undefined ? null : imageKey(other.source),
          busy: isBusy({ hostId: ref.hostId, uuid: ref.uuid, target }),
          backings: backings.get(target) ?? [],
        };
      });
      return { guest, capabilities, disks, notInspected };
    });
  }

  async #backingsOf({ hostId, disks }: Guest) {
    const files = this.#filesOf(hostId);
    if (files === null) return { backings: NONE, notInspected: problem('FILES_OUT_OF_REACH') };
    try {
      return { backings: await namedBackings(disks, files), notInspected: null };
    } catch (error) {
      return { backings: NONE, notInspected: whyNotInspected(error) };
    }
  }

  /** `null` where the host's files can't be read. */
  #filesOf(hostId: string): HeaderFiles | null {
    const { local, uri } = this.#fleet.supervisor(hostId).host();
    if (local) return LOCAL_FILES;
    const target = parseUri(uri);
    return target.transport === 'ssh' ? remoteFiles(target) : null;
  }

  /**
   * Has qemu-img check the qcow2 images of a disk, on its host. Throws a `ProblemError` where the disk or its host's files can't be
   * read, `QemuImgError` or `RemoteShellError`.
   */
  async check(ref: DiskRef): Promise<{ guest: Guest; checks: readonly ImageCheck[] }> {
    const { guest, disk } = await this.#freshGuests.disk(ref);
    const files = this.#filesOf(ref.hostId);
    if (files === null) throw new ProblemError('refused', problem('FILES_OUT_OF_REACH'));
    const checks: ImageCheck[] = [];
    for (const [i, image] of (disk.chain?.images ?? []).entries()) {
      const path = imagePath(image);
      if (path === null || image.format !== 'qcow2' || image.missing) continue;
      const written = isActive(guest) && (i === 0 || disk.job !== null);
      checks.push({ image: image.key, written, ...(await files.check(path)) });
    }
    return { guest, checks };
  }
}

/** Why the headers and files of a guest's images were not inspected; any other error is thrown. */
function whyNotInspected(error: unknown): Problem {
  if (!(error instanceof RemoteShellError)) throw error;
  return problem('SHELL_FAILED', { reason: error.code === 'timeout' ? 'timeout' : error.message });
}
