import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DomainRef, formatUuid } from '../../libvirt/index.ts';
import { type DefinedGuest, domainOf } from '../xml/domain-xml.ts';
import { child, parseXml } from '../xml/xml.ts';
import type { Source } from './source.ts';

/**
 * A running guest as its daemon last wrote it down, with all of its images; `null` where this process can't read that. The
 * daemon writes it before it answers a call that changes a chain, and as a whole.
 */
export async function writtenGuest(
  { folders }: Pick<Source, 'folders'>,
  { name, uuid }: DomainRef,
): Promise<DefinedGuest | null> {
  if (folders === null || name === '' || name.includes('/')) return null;
  // The file of a guest that ended is gone, and a system's daemon has its files for itself.
  const text = await readFile(join(folders.status, `${name}.xml`), 'utf8').catch(() => null);
  const domain = text === null ? undefined : child(parseXml(text), 'domain');
  const guest = domain === undefined ? null : domainOf(domain);
  return guest?.uuid === formatUuid(uuid) ? guest : null;
}
