import { describe, expect, it } from 'vitest';
import { type EventKind, type EventName, eventKinds } from './event-kinds.ts';
import { FrameReader } from './frame.ts';
import { fixture } from './testing/fixture.ts';
import { parseUuid } from './uuid.ts';
import { Reader } from './xdr/reader.ts';

const domain = { name: 'g1', uuid: parseUuid('c8b3ab4b-9c6c-4270-b544-4b75a0f15246'), id: 3 };
const pool = { name: 'p1', uuid: parseUuid('e9968743-0b29-4988-9bc0-88dfe3b4f5ad') };

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
    ['migrationIteration', 'migration-iteration-event', 19, { domain, iteration: 1 }],
    ['deviceAdded', 'device-added-event', 18, { domain, alias: 'virtio-disk1' }],
    ['metadataChange', 'metadata-change-event', 22, { domain, type: 0, namespace: null }],
    [
      'blockThreshold',
      'block-threshold-event',
      23,
      {
        domain,
        device: 'vda',
        path: '/tmp/client-lab/a/img/active.qcow2',
        threshold: 1_048_576n,
        excess: 327_680n,
      },
    ],
    ['poolLifecycle', 'pool-lifecycle-event', 0, { pool, event: 0, detail: 0 }],
    ['poolRefresh', 'pool-refresh-event', 1, { pool }],
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

  it('jobCompleted', () => {
    const { event } = read(eventKinds.jobCompleted, 'job-completed-event');
    expect(event).toMatchObject({ domain, parameters: { operation: 2, time_elapsed: 85n, downtime: 81n } });
  });
});

it('no two kinds share a message', () => {
  const messages = Object.values(eventKinds).map((kind) => `${kind.program}:${kind.procedure}`);
  expect(new Set(messages).size).toBe(messages.length);
});
