import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame.ts';
import { type ArgumentsOf, type ProcedureName, procedures, type ResultOf, table } from './procedures.ts';
import { decode } from './rpc.ts';
import { errorBody } from './shapes.ts';
import { fixture } from './testing/fixture.ts';
import { parseUuid } from './uuid.ts';
import { Writer } from './xdr/writer.ts';

function body(name: string): Buffer {
  const [frame] = new FrameReader().push(fixture(name));
  if (frame === undefined) throw new Error(`${name} holds no frame`);
  return frame.body;
}

const domain = { name: 'g1', uuid: parseUuid('c8b3ab4b-9c6c-4270-b544-4b75a0f15246'), id: 3 };
/** The guest of the frames that were captured later. */
const captured = { name: 'g1', uuid: parseUuid('c2f902bb-c797-454c-8647-cdf7a12a57d6') };
const image = (name: string) => `/tmp/client-lab/a/img/${name}.qcow2`;

describe('results', () => {
  const reply = <K extends ProcedureName>(name: K, file: string): ResultOf<K> =>
    decode(body(file), table[name].result);

  it('of a start: the guest', () => {
    expect(reply('DOMAIN_CREATE_WITH_FLAGS', 'domain-reply')).toEqual({ ...captured, id: 29 });
  });

  it('of a procedure without one: an empty object', () => {
    expect(reply('DOMAIN_RESUME', 'empty-reply')).toEqual({});
  });

  it('of a state: two numbers', () => {
    expect(reply('DOMAIN_GET_STATE', 'state-reply')).toEqual({ state: 1, reason: 1 });
  });

  it('of a block job: its progress', () => {
    const pull = { found: true, type: 1, bandwidth: 0n, cur: 4_194_304n, end: 67_108_864n };
    expect(reply('DOMAIN_GET_BLOCK_JOB_INFO', 'block-job-reply')).toEqual(pull);
  });

  it('of a listing: the list alone', () => {
    const volumes = reply('STORAGE_POOL_LIST_ALL_VOLUMES', 'volumes-reply');
    expect(volumes).toHaveLength(9);
    expect(volumes.at(-1)).toEqual({ pool: 'p1', name: 'g2.xml', key: '/tmp/client-lab/a/img/g2.xml' });
  });

  it('of statistics: values by their names', () => {
    const { type, parameters } = reply('DOMAIN_GET_JOB_STATS', 'job-stats-reply');
    expect(type).toBe(3);
    expect(parameters).toMatchObject({ operation: 2, time_elapsed: 68n, downtime: 54n });
  });

  it('that are an error: its number and text', () => {
    expect(decode(body('error-reply'), errorBody)).toMatchObject({
      code: 49,
      domain: 18,
      message: "Storage pool not found: no storage pool with matching name 'nope'",
      str2: "no storage pool with matching name 'nope'",
      guest: null,
      int1: -1,
    });
  });
});

describe('arguments are, byte for byte, those of libvirt itself', () => {
  const bytes = <K extends ProcedureName>(name: K, args: ArgumentsOf<K>): Buffer => {
    const writer = new Writer();
    table[name].args.write(writer, args);
    return writer.finish();
  };

  it('of a rebase', () => {
    const args = { domain, path: 'vda', base: image('base'), bandwidth: 0, flags: 0 };
    expect(bytes('DOMAIN_BLOCK_REBASE', args)).toEqual(body('block-rebase-call'));
  });

  it('of a commit', () => {
    const args = {
      domain,
      disk: 'vda',
      base: image('active'),
      top: image('s1'),
      bandwidth: 1n,
      flags: 4 | 16,
    };
    expect(bytes('DOMAIN_BLOCK_COMMIT', args)).toEqual(body('block-commit-call'));
  });

  it('of a copy, whose parameters have kinds', () => {
    const args: ArgumentsOf<'DOMAIN_BLOCK_COPY'> = {
      domain,
      path: 'vda',
      destinationXml: `<disk type='file'>\n  <source file='${image('copy')}'/>\n</disk>\n`,
      parameters: [
        { field: 'bandwidth', kind: 'ullong', value: 1_000_000 },
        { field: 'granularity', kind: 'uint', value: 65_536 },
      ],
      flags: 4,
    };
    expect(bytes('DOMAIN_BLOCK_COPY', args)).toEqual(body('block-copy-call'));
  });

  it('of a listing of snapshots', () => {
    const args = { domain, needResults: true, flags: 0 };
    expect(bytes('DOMAIN_LIST_ALL_SNAPSHOTS', args)).toEqual(body('list-snapshots-call'));
  });

  it("of a registration for QEMU's events", () => {
    const args = { domain: { ...captured, id: 18 }, event: 'BLOCK_JOB_COMPLETED', flags: 0 };
    expect(bytes('QEMU_CONNECT_DOMAIN_MONITOR_EVENT_REGISTER', args)).toEqual(body('qemu-register-call'));
  });
});

it('no two procedures share a number', () => {
  const numbers = Object.values(procedures).map(({ program, number }) => `${program}:${number}`);
  expect(new Set(numbers).size).toBe(numbers.length);
});
