import { describe, expect, it } from 'vitest';
import { type EventKind, type EventName, eventKinds } from './event-kinds.ts';
import { FrameReader } from './frame.ts';
import { fixture } from './testing/fixture.ts';
import { parseUuid } from './uuid.ts';
import { Reader } from './xdr/reader.ts';

const domain = { name: 'g1', uuid: parseUuid('c8b3ab4b-9c6c-4270-b544-4b75a0f15246'), id: 3 };

function read(kind: EventKind<object>, name: string) {
  const [frame] = new FrameReader().push(fixture(name));
  if (frame === undefined) throw new Error(`${name} holds no frame`);
  expect(frame).toMatchObject({ program: kind.program, procedure: kind.procedure });
  const reader = new Reader(frame.body);
  const callback = reader.int();
  const event = kind.body.read(reader);
  reader.end();
  return { callback, event };
}

describe('events as a daemon sends them', () => {
  const cases: [EventName, string, number, object][] = [
    ['lifecycle', 'lifecycle-event', 11, { domain: { ...domain, id: 2 }, event: 6, detail: 2 }],
    ['blockJob', 'block-job-event', 17, { domain, disk: 'vda', type: 1, status: 0 }],
    ['deviceAdded', 'device-added-event', 18, { domain, alias: 'virtio-disk1' }],
    ['metadataChange', 'metadata-change-event', 22, { domain, type: 0, namespace: null }],
    [
      'qemu',
      'qemu-event',
      24,
      {
        domain,
        event: 'BLOCK_JOB_COMPLETED',
        seconds: 1_795_384_785n,
        micros: 432_853,
        details:
          '{"device":"pull-vda-libvirt-1-format","len":67108864,"offset":67108864,"speed":0,"type":"stream"}',
      },
    ],
  ];

  it.each(cases)('%s', (name, file, callback, event) => {
    expect(read(eventKinds[name], file)).toEqual({ callback, event });
  });
});

it('no two kinds share a message', () => {
  const messages = Object.values(eventKinds).map((kind) => `${kind.program}:${kind.procedure}`);
  expect(new Set(messages).size).toBe(messages.length);
});
