import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

/** One element of libvirt's XML: names and values as libvirt wrote them, entities resolved. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Safe, since `parseXml` refuses document types, which entity expansion attacks need; libvirt never sends one.
  processEntities: true,
  // Numeric references too: libxml2 writes a line feed in a file name as `&#10;`.
  htmlEntities: true,
  // Each image of a chain is nested in the one above it; libvirt allows up to 200.
  maxNestedTags: 1000,
});

const ATTRIBUTES = ':@';
const TEXT = '#text';
const node = z.record(z.string(), z.unknown());
const nodes = z.array(node);
const attributes = z.record(z.string(), z.string()).default({});

/** Parses an XML document. Throws on anything that is not one element. */
export function parseXml(xml: string): Element {
  if (xml.includes('<!DOCTYPE')) throw new Error('XML with a document type is not read');
  const roots = nodes
    .parse(parser.parse(xml))
    .map(toElement)
    .filter((element) => element !== null);
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw new Error('The XML has no single root element');
  return root;
}

function toElement(raw: z.infer<typeof node>): Element | null {
  const name = Object.keys(raw).find((key) => key !== ATTRIBUTES && key !== TEXT && !key.startsWith('#'));
  if (name === undefined) return null;
  const inside = nodes.parse(raw[name]);
  return {
    name,
    attributes: attributes.parse(raw[ATTRIBUTES]),
    children: inside.map(toElement).filter((element) => element !== null),
    text: inside
      .map((part) => part[TEXT])
      .filter((part) => typeof part === 'string')
      .join(''),
  };
}

export function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

export function children(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((candidate) => candidate.name === name) ?? [];
}

export function text(element: Element | undefined): string | null {
  return element === undefined ? null : element.text;
}
