import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { domainXml, escapeXml } from './domain-xml.ts';

test('names come back as they were from what an XML parser reads', () => {
  const name = `<a> & "b" 'c' 名`;
  const xml = `<x attribute='${escapeXml(name)}'>${escapeXml(name)}</x>`;
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  expect(parser.parse(xml)).toEqual({ x: { '#text': name, attribute: name } });
});

test('a volume disk names its pool, a file disk its path', () => {
  const xml = domainXml({
    name: 'x',
    uuid: '00000000-0000-4000-8000-000000000000',
    accelerator: 'tcg',
    emulator: '/usr/bin/qemu-system-x86_64',
    machine: 'q35',
    rom: undefined,
    disks: [
      { target: 'vda', source: { path: '/a', format: 'raw' }, discards: false },
      { target: 'vdb', source: { pool: 'p', volume: 'v', format: 'qcow2' }, discards: true },
    ],
    cdrom: undefined,
    serial: undefined,
  });
  expect(xml).toContain("<domain type='qemu'>");
  expect(xml).toContain("<source file='/a'/><target dev='vda'");
  expect(xml).toContain("<source pool='p' volume='v'/><target dev='vdb'");
  expect(xml).not.toContain('<loader');
});
