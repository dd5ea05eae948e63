import { expect, test } from 'vitest';
import { parseXml } from './xml.ts';
import { element, writeXml } from './xml-builder.ts';

test('what was written is read back, whatever characters it has', () => {
  const text = `a "b" 'c' <d> & ]]> é 名\n\tend`;
  const written = element('disk', { file: text }, element('name', {}, text), element('empty'));
  expect(parseXml(writeXml(written))).toEqual(written);
});
