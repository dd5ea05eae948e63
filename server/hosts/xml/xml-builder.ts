import type { Element } from './xml.ts';

/** An element to write; strings become its text. */
export function element(
  name: string,
  attributes: Element['attributes'] = {},
  ...inside: readonly (Element | string)[]
): Element {
  return {
    name,
    attributes,
    children: inside.filter((part) => typeof part !== 'string'),
    text: inside.filter((part) => typeof part === 'string').join(''),
  };
}

/** The XML of an element, with values and text escaped; the text comes before the children. */
export function writeXml({ name, attributes, children, text }: Element): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}='${escaped(value)}'`);
  return `<${name}${written.join('')}>${escaped(text)}${children.map(writeXml).join('')}</${name}>`;
}

/** Line breaks and tabs too, since a parser turns them into blanks in an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
