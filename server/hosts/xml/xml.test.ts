import { expect, test } from 'vitest';
import { child, children, type Element, parseXml, text } from './xml.ts';

test('text and attributes come as they are, entities resolved', () => {
  const root = parseXml(
    `<?xml version='1.0'?><a x='1 &amp; &lt;2&gt; &quot;&apos; &#252;'> b &amp; c <d/>e</a>`,
  );
  expect(root.attributes).toEqual({ x: `1 & <2> "' ü` });
  expect(root.text).toBe(' b & c e');
  expect(text(child(root, 'd'))).toBe('');
});

test('a number stays text, leading zeros and all', () => {
  expect(text(child(parseXml('<a><b>007</b></a>'), 'b'))).toBe('007');
});

test('children are found by name, in order', () => {
  const root = parseXml('<a><b n="1"/><c/><b n="2"/></a>');
  expect(children(root, 'b').map(({ attributes }) => attributes.n)).toEqual(['1', '2']);
  expect(child(root, 'z')).toBeUndefined();
  expect([children(undefined, 'b'), text(undefined)]).toEqual([[], null]);
});

test('a line feed in a file name is read as libxml2 writes it, and text that looks like one stays', () => {
  expect(parseXml('<a x="1&#10;2 &amp;#10;"/>').attributes.x).toBe('1\n2 &#10;');
});

test('regression: a chain deeper than 100 images was refused for its nesting', () => {
  const depth = 210;
  const root = parseXml('<backingStore>'.repeat(depth) + '</backingStore>'.repeat(depth));
  let count = 0;
  for (let at: Element | undefined = root; at !== undefined; at = child(at, 'backingStore')) count++;
  expect(count).toBe(depth);
});

test.each(['', 'no xml', '<a/><b/>', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'])('%j is refused', (bad) => {
  expect(() => parseXml(bad)).toThrow();
});
