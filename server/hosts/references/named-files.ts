import { type Problem, problem } from '../../../model/problem.ts';
import { reasonOf } from '../../../model/reason.ts';
import {
  type DomainRef,
  DomainXmlFlag,
  formatUuid,
  isConnectionLost,
  isNoDomain,
  isNoSnapshot,
  ListDomainsFlag,
} from '../../libvirt/index.ts';
import { listGuests } from '../fleet/guest-loader.ts';
import type { Supervisor } from '../fleet/supervisor.ts';
import { type Element, parseXml } from '../xml/xml.ts';

/** Every path that a host's guests name for any purpose, and what could not be read. */
export interface NamedFiles {
  readonly paths: ReadonlySet<string>;
  readonly unread: readonly Problem[];
}

/**
 * Reads all paths in live and persistent definitions and in snapshots: disks, firmware variables, kernels, logs. So no file is
 * taken for unused because this code doesn't know its purpose. Throws libvirt's error where the guests can't be listed.
 */
export async function namedFiles(host: Supervisor): Promise<NamedFiles> {
  const { connection } = host.source();
  const paths = new Set<string>();
  const unread: Problem[] = [];
  const read = async (domain: DomainRef, xml: Promise<string>) => {
    try {
      collect(parseXml(await xml), paths);
    } catch (error) {
      if (isNoDomain(error) || isNoSnapshot(error)) return;
      if (isConnectionLost(error)) throw error;
      const reason = reasonOf(error);
      unread.push(problem('GUEST_UNREADABLE', { guest: domain.name, host: host.host().name, reason }));
    }
  };
  const domains = await listGuests(host.source());
  const saved = await connection.call('CONNECT_LIST_ALL_DOMAINS', {
    needResults: true,
    flags: ListDomainsFlag.MANAGEDSAVE,
  });
  const kept = new Set(saved.map(({ uuid }) => formatUuid(uuid)));
  for (const domain of domains) {
    // A saved guest's images are in its saved state, and may differ from its definition's.
    if (kept.has(formatUuid(domain.uuid))) {
      unread.push(problem('SAVED_IMAGES_UNKNOWN', { guest: domain.name, host: host.host().name }));
    }
  }
  await Promise.all(
    domains.map(async (domain) => {
      const snapshots = await connection
        .call('DOMAIN_LIST_ALL_SNAPSHOTS', { domain, needResults: true, flags: 0 })
        .catch((error: unknown) => {
          if (isNoDomain(error)) return [];
          throw error;
        });
      await Promise.all([
        read(domain, connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 })),
        read(domain, connection.call('DOMAIN_GET_XML_DESC', { domain, flags: DomainXmlFlag.INACTIVE })),
        ...snapshots.map((snapshot) =>
          read(domain, connection.call('DOMAIN_SNAPSHOT_GET_XML_DESC', { snapshot, flags: 0 })),
        ),
      ]);
    }),
  );
  return { paths, unread };
}

function collect(element: Element, paths: Set<string>): void {
  for (const value of [...Object.values(element.attributes), element.text.trim()]) {
    if (value.startsWith('/')) paths.add(value);
  }
  for (const one of element.children) collect(one, paths);
}
