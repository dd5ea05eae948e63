import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freezeQemu, killDaemon, startDaemon, thawQemu } from '../../lab/faults.ts';
import { createGuest, destroyGuest } from '../../lab/guest.ts';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { handOver } from '../../lab/namespace.ts';
import { virsh } from '../../lab/virsh.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { BlockPullFlag } from './constants/block-job.ts';
import { DomainState } from './constants/domain.ts';
import { ErrorNumber } from './constants/error-number.ts';
import { domainRef } from './domain-ref.ts';
import {
  isConnectionLost,
  isInvalidArgument,
  isNoDomain,
  isNoStoragePool,
  isOperationInvalid,
} from './errors.ts';
import type { DomainRef } from './shapes.ts';
import { formatUuid } from './uuid.ts';

const alpha = hostOf(lab, 'alpha');

let guest: LabGuest;
let connection: Connection;
let domain: DomainRef;

beforeAll(async () => {
  guest = await createGuest(lab, { name: 'rpc-1', disks: [{ layers: 3 }], cdrom: 'sda' });
});

afterAll(() => destroyGuest(lab, guest));

beforeEach(async () => {
  connection = await connect(alpha.uri);
  domain = domainRef(guest.uuid, guest.name);
});

afterEach(() => connection.close());

const domainXml = () => connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 });

/** Of a call that QEMU has to answer. */
const asksQemu = () => ({ domain, maxErrors: 1, flags: 0 });

describe('a connection', () => {
  it('finds guests', async () => {
    const domains = await connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 });
    const found = domains.find(({ name }) => name === 'rpc-1');
    expect(found && formatUuid(found.uuid)).toBe(guest.uuid);
    expect(await domainXml()).toContain(guest.disks[0]?.images[0]);
    expect(await connection.call('DOMAIN_GET_STATE', { domain, flags: 0 })).toMatchObject({
      state: DomainState.RUNNING,
    });
  });

  it('gives each of many calls at once its own answer', async () => {
    const calls = Array.from({ length: 200 }, async (_, i) => {
      if (i % 2 === 0) return (await domainXml()).includes('<name>rpc-1</name>');
      const lookup = connection.call('STORAGE_POOL_LOOKUP_BY_NAME', { name: `none-${i}` });
      return lookup.then(
        () => false,
        (error) => isNoStoragePool(error) && error.message.includes(`none-${i}'`),
      );
    });
    expect((await Promise.all(calls)).filter((right) => !right)).toEqual([]);
  });

  it('has a predicate for each error', async () => {
    const pull = (path: string, of: DomainRef) =>
      connection.call('DOMAIN_BLOCK_PULL', { domain: of, path, bandwidth: 0, flags: 0 });
    await expect(pull('vdz', domain)).rejects.toSatisfy(isInvalidArgument);
    const gone = domainRef('00000000-0000-4000-8000-000000000000', 'gone');
    await expect(pull('vda', gone)).rejects.toSatisfy(isNoDomain);
    const resume = connection.call('DOMAIN_RESUME', { domain });
    await expect(resume).rejects.toSatisfy(isOperationInvalid);
  });

  it('can be closed, and says so', async () => {
    const pending = domainXml();
    await Promise.all([
      expect(pending).rejects.toSatisfy(isConnectionLost),
      connection.close(),
      expect(connection.closed).resolves.toMatchObject({ code: 'CONNECTION_CLOSED' }),
    ]);
    await expect(connection.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  });

  it('ends when the daemon is killed, with its calls and streams, and another one can be made', async () => {
    const stream = connection.events.lifecycle();
    await stream.start();
    const next = stream.next();
    await freezeQemu(lab, guest);
    try {
      const [call, long] = [
        connection.call('DOMAIN_GET_DISK_ERRORS', asksQemu()),
        connection.long('DOMAIN_GET_DISK_ERRORS', asksQemu()),
      ];
      await connection.ping();
      await Promise.all([
        killDaemon(lab, alpha),
        expect(connection.closed).resolves.toSatisfy(isConnectionLost),
        expect(call).rejects.toSatisfy(isConnectionLost),
        expect(long).rejects.toThrow(),
        expect(next).rejects.toSatisfy(isConnectionLost),
      ]);
    } finally {
      await thawQemu(lab, guest);
      await startDaemon(lab, alpha);
    }
    const again = await connect(alpha.uri);
    await again.ping();
    await again.close();
  });

  it('regression: a long call to a daemon that was gone was reported as refused', async () => {
    await killDaemon(lab, alpha);
    try {
      await expect(connection.long('DOMAIN_GET_DISK_ERRORS', asksQemu())).rejects.toSatisfy(isConnectionLost);
    } finally {
      await startDaemon(lab, alpha);
    }
  });

  it('stays open when an answer is late: an abort rejects the caller at once, and the reply is read when it comes', async () => {
    await freezeQemu(lab, guest);
    const controller = new AbortController();
    const calls = Array.from({ length: 3 }, () =>
      connection.call('DOMAIN_GET_DISK_ERRORS', asksQemu(), controller),
    );
    const given = Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: 'ABORTED' })));
    await connection.ping();
    controller.abort();
    await given;
    await connection.ping();
    await thawQemu(lab, guest);
    expect(await domainXml()).toContain('rpc-1');
    await connection.ping();
  });
});

describe('events', () => {
  it('report a pull, as the block job’s and as QEMU’s own, and a second job is refused meanwhile', async () => {
    const pulled = await createGuest(lab, { name: 'rpc-2', disks: [{ layers: 3 }] });
    try {
      domain = domainRef(pulled.uuid, pulled.name);
      const jobs = connection.events.blockJob();
      const completed = connection.events.qemu('BLOCK_JOB_COMPLETED');
      await Promise.all([jobs.start(), completed.start()]);
      const pull = { domain, path: 'vda', bandwidth: 1, flags: BlockPullFlag.BANDWIDTH_BYTES };
      await connection.call('DOMAIN_BLOCK_PULL', pull);
      await expect(connection.call('DOMAIN_BLOCK_PULL', pull)).rejects.toMatchObject({
        libvirtCode: ErrorNumber.OPERATION_UNSUPPORTED,
      });
      const info = { domain, path: 'vda', flags: 0 };
      expect(await connection.call('DOMAIN_GET_BLOCK_JOB_INFO', info)).toMatchObject({
        found: true,
        type: 1,
      });
      await connection.call('DOMAIN_BLOCK_JOB_SET_SPEED', { ...info, bandwidth: 0 });
      const { value: job } = await jobs.next();
      expect(job).toMatchObject({ domain: { name: 'rpc-2' }, disk: 'vda', type: 1, status: 0 });
      const { value: event } = await completed.next();
      expect(event).toMatchObject({ domain: { name: 'rpc-2' }, event: 'BLOCK_JOB_COMPLETED' });
      expect(JSON.parse(event?.details ?? '')).toMatchObject({ type: 'stream' });
      expect(await domainXml()).not.toContain(pulled.disks[0]?.images[2]);
    } finally {
      await destroyGuest(lab, pulled);
    }
  });

  /** The first event of a stream that comes while `virsh` works. */
  async function during<T>(
    stream: AsyncIterator<T, void> & { start(): Promise<void> },
    ...command: string[]
  ) {
    await stream.start();
    await virsh(alpha, ...command);
    const { value } = await stream.next();
    await stream.return?.();
    return value;
  }

  it('report what others do to a guest', async () => {
    const { events } = connection;
    const ours = { domain: { name: 'rpc-1' } };
    expect(await during(events.lifecycle(), 'suspend', guest.uuid)).toMatchObject({ ...ours, event: 3 });
    expect(await during(events.lifecycle(), 'resume', guest.uuid)).toMatchObject({ ...ours, event: 4 });
    expect(await during(events.metadataChange(), 'desc', guest.uuid, '--live', 'hello')).toMatchObject({
      ...ours,
      type: 0,
    });
  });

  it('report a changed medium and its tray', async () => {
    const medium = join(lab.dir, 'rpc-medium.iso');
    await writeFile(medium, Buffer.alloc(65_536));
    await handOver(lab.namespace, medium);
    const insert = ['change-media', guest.uuid, 'sda', medium, '--insert', '--live'];
    expect(await during(connection.events.trayChange(), ...insert)).toMatchObject({
      domain: { name: 'rpc-1' },
      alias: 'sata0-0-0',
    });
    await virsh(alpha, 'change-media', guest.uuid, 'sda', '--eject', '--live');
    await rm(medium);
  });

  it('reach two readers of one kind, on one connection', async () => {
    const [one, two] = [connection.events.lifecycle(), connection.events.lifecycle()];
    await Promise.all([one.start(), two.start()]);
    await virsh(alpha, 'suspend', guest.uuid);
    await virsh(alpha, 'resume', guest.uuid);
    for (const stream of [one, two]) {
      expect([(await stream.next()).value?.event, (await stream.next()).value?.event]).toEqual([3, 4]);
      await stream.return?.();
    }
    const again = connection.events.lifecycle();
    await again.start();
    await again.return?.();
  });
});
