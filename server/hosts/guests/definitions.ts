import type { DiskRef } from '../../../model/fleet/disk.ts';
import { type Image, imageKey, UNKNOWN_TRAITS } from '../../../model/fleet/image.ts';
import { ProblemError, problem } from '../../../model/problem.ts';
import { type Connection, type DomainRef, DomainXmlFlag } from '../../libvirt/index.ts';
import type { Definitions as DefinitionsPort } from '../../ports/definitions.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { imagesIn, sourceOf } from '../xml/domain-xml.ts';
import { diskIn, redefined, sameElement, unrecorded } from '../xml/redefined-xml.ts';
import { child, type Element, parseXml } from '../xml/xml.ts';
import { writeXml } from '../xml/xml-builder.ts';

/** Reads the persistent definitions of guests, and makes a definition follow its running guest. */
export class Definitions implements DefinitionsPort {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Keys of a disk's image in the definition and in the running guest; `null` where there is none. A volume's key is by its pool. */
  async read(ref: DiskRef): Promise<{ defined: string | null; live: string | null }> {
    const { connection, domain } = this.#fleet.domain(ref);
    const [defined, live] = await Promise.all([
      xmlOf(connection, domain, DomainXmlFlag.INACTIVE),
      xmlOf(connection, domain, 0),
    ]);
    return { defined: namedIn(parseXml(defined), ref.target), live: namedIn(parseXml(live), ref.target) };
  }

  /** The images that a copy or an active commit writes to, from the top down; empty without such a job. */
  async mirrorOf(ref: DiskRef): Promise<readonly Image[]> {
    const { connection, domain } = this.#fleet.domain(ref);
    const disk = diskIn(parseXml(await xmlOf(connection, domain, 0)), ref.target);
    const mirror = child(disk, 'mirror');
    return mirror === undefined
      ? []
      : imagesIn(mirror).images.map(({ source, format }) => ({
          key: imageKey(source),
          source,
          format,
          index: null,
          virtualSize: null,
          allocated: null,
          missing: false,
          traits: UNKNOWN_TRAITS,
        }));
  }

  /** Whether the definition names what is below the disk's active image, even if that is nothing. */
  async recordsChain(ref: DiskRef): Promise<boolean> {
    const { connection, domain } = this.#fleet.domain(ref);
    const definition = parseXml(await xmlOf(connection, domain, DomainXmlFlag.INACTIVE));
    return child(diskIn(definition, ref.target), 'backingStore') !== undefined;
  }

  /** Makes the definition leave the disk's chain to the headers. Throws `DEFINITION_NOT_PLAIN`, `REDEFINE_NOT_VERIFIED`, or libvirt's error. */
  async unrecordChain(ref: DiskRef): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const xml = await xmlOf(connection, domain, DomainXmlFlag.SECURE | DomainXmlFlag.INACTIVE);
    await this.#define(ref, xml, unrecorded(plain(xml), ref.target));
  }

  /** Makes the definition name the image that the guest has. Throws like `unrecordChain`, and `DEFINITION_CHANGED`. */
  async follow(ref: DiskRef, from: string, to: string): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const secure = DomainXmlFlag.SECURE;
    const [xml, liveXml] = await Promise.all([
      xmlOf(connection, domain, secure | DomainXmlFlag.INACTIVE),
      xmlOf(connection, domain, secure),
    ]);
    const [definition, live] = [plain(xml), parseXml(liveXml)];
    if (namedIn(definition, ref.target) !== from || namedIn(live, ref.target) !== to) {
      throw new ProblemError('conflict', problem('DEFINITION_CHANGED'));
    }
    await this.#define(ref, xml, redefined(definition, live, ref.target));
  }

  /** Afterwards the definition is read again; if it is not exactly as wanted, the old one is restored. */
  async #define(ref: DiskRef, xml: string, wanted: Element): Promise<void> {
    const { connection, domain } = this.#fleet.domain(ref);
    const secure = DomainXmlFlag.SECURE;
    await connection.call('DOMAIN_DEFINE_XML_FLAGS', { xml: writeXml(wanted), flags: 0 });
    const kept = parseXml(await xmlOf(connection, domain, secure | DomainXmlFlag.INACTIVE));
    this.#fleet.refresh(ref);
    if (sameElement(kept, wanted)) return;
    await connection.call('DOMAIN_DEFINE_XML_FLAGS', { xml, flags: 0 });
    throw new ProblemError('failed', problem('REDEFINE_NOT_VERIFIED'));
  }
}

function xmlOf(connection: Connection, domain: DomainRef, flags: number): Promise<string> {
  return connection.call('DOMAIN_GET_XML_DESC', { domain, flags });
}

function namedIn(domain: Element, target: string): string | null {
  const disk = diskIn(domain, target);
  const source = disk === undefined ? null : sourceOf(disk);
  return source === null ? null : imageKey(source);
}

/** Refuses comments and text between elements, which would be lost or moved. */
function plain(xml: string): Element {
  const definition = parseXml(xml);
  if (/<!--|<!\[CDATA\[|<\?(?!xml )/.test(xml) || isMixed(definition)) {
    throw new ProblemError('refused', problem('DEFINITION_NOT_PLAIN'));
  }
  return definition;
}

function isMixed({ text, children }: Element): boolean {
  return (children.length > 0 && text.trim() !== '') || children.some(isMixed);
}
