import { type Guest, isActive } from '../../../model/fleet/guest.ts';
import type { Image, ImageSource } from '../../../model/fleet/image.ts';
import type { ImageUser } from '../../../model/fleet/sharing.ts';
import { type Problem, problem } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import { domainRef, isConnectionLost } from '../../libvirt/index.ts';
import { listGuests } from '../fleet/guest-loader.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { otherDefinedChains } from './defined-chains.ts';

/** A disk of a known guest, and its images from the active one down. */
export interface LeadingDisk {
  readonly user: ImageUser;
  /** Whether it has them only after its guest's next start. */
  readonly later: boolean;
  readonly sources: readonly ImageSource[];
  /** Why there may be more images below. */
  readonly problem: Problem | null;
}

/** All disks of a host's guests, live and as defined; a lost host's as they were last read. */
export async function leadingDisks(host: Supervisor): Promise<readonly LeadingDisk[]> {
  const guests = host.inventory().guests();
  const running = host.host().state === 'connected' ? guests.filter(isActive) : [];
  const defined = await Promise.all(running.map((guest) => definedDisks(host, guest)));
  return [...guests.flatMap(disksOf), ...defined.flat()];
}

/** Reads stopped guests again, since no event says that an image of theirs got another backing image. */
export async function refreshStopped(host: Supervisor): Promise<void> {
  const source = host.source();
  const stopped = host
    .inventory()
    .guests()
    .filter((guest) => !isActive(guest));
  await Promise.all(stopped.map(({ uuid, name }) => host.inventory().load(source, domainRef(uuid, name))));
}

/** Reads all guests again; answers a problem for each that could not be read. */
export async function refreshAll(host: Supervisor): Promise<readonly Problem[]> {
  const source = host.source();
  const known = host
    .inventory()
    .guests()
    .map(({ uuid, name }) => domainRef(uuid, name));
  const listed = await listGuests(source);
  const loads = [...listed, ...known].map(async (domain) => {
    try {
      await host.inventory().load(source, domain);
      return null;
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      const reason = reasonOf(error);
      return problem('GUEST_UNREADABLE', { guest: domain.name, host: host.host().name, reason });
    }
  });
  const failed = (await Promise.all(loads)).filter((one) => one !== null);
  return failed.filter(({ params }, i) => failed.findIndex((one) => one.params.guest === params.guest) === i);
}

function disksOf({ hostId, uuid, name: guestName, disks }: Guest): readonly LeadingDisk[] {
  return disks.map(({ target, chain, problem: stopped }) => ({
    user: { hostId, uuid, guestName, target },
    later: false,
    sources: (chain?.images ?? []).map(({ source }) => source),
    problem: stopped ?? missingIn(chain?.images ?? []),
  }));
}

/** Only for guests that are off: a running guest has its images open even when their names are gone. */
function missingIn(images: readonly Image[]): Problem | null {
  const gone = images.find(({ missing }) => missing);
  return gone === undefined ? null : problem('IMAGE_MISSING', { image: gone.key });
}

async function definedDisks(host: Supervisor, guest: Guest): Promise<readonly LeadingDisk[]> {
  const { hostId, uuid, name: guestName } = guest;
  const chains = await otherDefinedChains(host.source(), guest);
  return chains.map(({ target, images, problem: stopped }) => ({
    user: { hostId, uuid, guestName, target },
    later: true,
    sources: images.map(({ source }) => source),
    problem: stopped,
  }));
}
