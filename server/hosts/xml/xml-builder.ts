import type { Element } from './xml.ts';

/** An element to be written; a string stands for text. */
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

/** The XML of an element, every name and text in it safe; text stands before the children. */
export function writeXml({ name, attributes, children, text }: Element): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}='${escaped(value)}'`);
  return `<${name}${written.join('')}>${escaped(text)}${children.map(writeXml).join('')}</${name}>`;
}

/** Line breaks and tabs as numbers: a reader would make blanks of them in an attribute. */
function escaped(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
