import { glob, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TRPCClientError } from '@trpc/client';
import { digestOf } from '../../lab/content.ts';
import { MiB } from '../../lab/image.ts';
import { hostOf, type Lab, type LabGuest } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import { verifyWriter } from '../../lab/writer.ts';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import { isOver, type Operation } from '../../model/operation/operation.ts';
import { type Folders, randomOperation } from './random-operations.ts';
import type { RandomSource } from './random-source.ts';
import type { MortalServer } from './server.ts';
import type { Tally } from './tally.ts';
import type { Turns } from './turns.ts';

export interface Workplace {
  readonly lab: Lab;
  readonly server: MortalServer;
  readonly turns: Turns;
  readonly tally: Tally;
  readonly folders: readonly string[];
  readonly say: (line: string) => void;
}

/** An operation that has not ended by then hangs. */
const LONGEST_MS = 180_000;
const POLL_MS = 250;
const SPEED = 24 * MiB;

/** Somebody who starts one operation after the other on one guest, and checks its content after each. */
export class Operator {
  readonly #at: Workplace;
  readonly #guest: LabGuest;
  readonly #random: RandomSource;
  #serial = 0;
  /** What the guest read when it was last checked; `null` for one that writes, whose log is checked instead. */
  #content: string | null = null;

  constructor(at: Workplace, guest: LabGuest, random: RandomSource) {
    this.#at = at;
    this.#guest = guest;
    this.#random = random;
  }

  async work(isTime: () => boolean): Promise<void> {
    await this.#at.turns.on(() => this.#writeSome());
    while (isTime()) {
      const operation = await this.#operate();
      await this.#at.turns.on(async () => {
        await this.#find();
        await this.check(operation?.id ?? 'nothing');
        await this.#clear();
        await this.#writeSome();
      });
    }
  }

  /** Compares the content with what it has to be. */
  async check(after: string): Promise<void> {
    const { lab, tally, say } = this.#at;
    const wrong = await this.#wrongContent(lab).catch((error: unknown) => String(error));
    tally.checks += 1;
    if (wrong === null) return;
    tally.wrong.push(`${this.#guest.name} after ${after}: ${wrong}`);
    say(`WRONG: ${tally.wrong.at(-1)}`);
  }

  async #wrongContent(lab: Lab): Promise<string | null> {
    if (this.#guest.serial !== null) {
      const { lost, errors } = await verifyWriter(lab, this.#guest);
      return lost.length + errors.length === 0 ? null : `${lost.length} sectors lost, ${errors.join('; ')}`;
    }
    const found = await digestOf(lab, this.#guest);
    return this.#content === null || found === this.#content ? null : 'the content is another';
  }

  /** Starts something and follows it to its end; `null` where nothing was started. */
  async #operate(): Promise<Operation | null> {
    const { server, tally, folders } = this.#at;
    const random = this.#random;
    const { guest, others } = await this.#known();
    this.#serial += 1;
    const places: Folders = { folders, others };
    const intent = randomOperation(guest, places, this.#serial, random);
    if (intent === null) return null;
    const began = Date.now();
    const ref = { hostId: guest.hostId, uuid: guest.uuid };
    const bandwidth = random.percent(40) ? SPEED : 0;
    const asked = await server.api.plans.preview
      .query({ guest: ref, intent })
      .then(({ fingerprint }) =>
        server.api.operations.start.mutate({ guest: ref, intent, fingerprint, bandwidth }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof TRPCClientError)) throw error;
        return error;
      });
    if (!(asked instanceof TRPCClientError)) return this.#follow(asked.id);
    // An answer that is no answer leaves open whether it was started.
    const newest = await this.#newest();
    if (newest !== undefined && newest.createdAt >= began) return this.#follow(newest.id);
    tally.refused(codeOf(asked));
    await delay(500);
    return null;
  }

  async #follow(id: string): Promise<Operation | null> {
    const { server, tally, say } = this.#at;
    const random = this.#random;
    const until = Date.now() + LONGEST_MS;
    const cancelAt = random.percent(20) ? Date.now() + random.below(2000) : null;
    let cancelled = false;
    while (Date.now() < until) {
      const operation = await server.api.operations.get.query({ id }).then(
        (found) => found.operation,
        () => null,
      );
      if (operation !== null && isOver(operation)) {
        tally.ended(operation);
        const why = operation.problem ? ` ${JSON.stringify(operation.problem)}` : '';
        say(`${this.#guest.name}: ${operation.plan.intent.kind} ${operation.state}${why}`);
        return operation;
      }
      if (!cancelled && cancelAt !== null && Date.now() > cancelAt) {
        cancelled = true;
        // It may be over by now, or the server down: the next check shows that.
        await server.api.operations.cancel.mutate({ id }).catch(() => undefined);
      }
      await delay(POLL_MS);
    }
    tally.wrong.push(`${this.#guest.name}: operation ${id} hangs`);
    say(`WRONG: ${tally.wrong.at(-1)}`);
    return null;
  }

  async #newest(): Promise<Operation | undefined> {
    const { uuid } = this.#guest;
    const list = () => this.#at.server.api.operations.list.query({ uuid, limit: 1 });
    return (await persistently(list))[0];
  }

  /** The guest where it is now, and the hosts where it is not. */
  async #known(): Promise<{ guest: Guest; others: readonly string[] }> {
    const { api } = this.#at.server;
    return persistently(async () => {
      const [{ guests }, hosts] = await Promise.all([api.guests.list.query(), api.hosts.list.query()]);
      const here = guests.filter(({ uuid }) => uuid === this.#guest.uuid);
      const guest = here.find(isActive) ?? here[0];
      if (guest === undefined) throw new Error(`${this.#guest.name} is nowhere`);
      const ids = hosts.filter(({ state }) => state === 'connected').map(({ id }) => id);
      return { guest, others: ids.filter((id) => id !== guest.hostId) };
    });
  }

  /** Finds out on which host the guest is by now, and mostly starts it where it was killed. */
  async #find(): Promise<void> {
    const { lab } = this.#at;
    const where = await Promise.all(
      lab.hosts.map(async (host) => ({ host, there: await virsh(host, 'list', '--all', '--uuid') })),
    );
    const homes = where.filter(({ there }) => there.includes(this.#guest.uuid));
    const [home] = homes;
    if (home === undefined || homes.length > 1) {
      this.#at.tally.wrong.push(`${this.#guest.name} is on ${homes.length} hosts`);
      return;
    }
    this.#guest.host = home.host.name;
    const state = (await virsh(home.host, 'domstate', this.#guest.uuid)).trim();
    if (state === 'shut off' && this.#random.percent(60)) await virsh(home.host, 'start', this.#guest.uuid);
  }

  /** Deletes the files that are in no chain of the guest any more. */
  async #clear(): Promise<void> {
    const { lab, folders } = this.#at;
    const { guest } = await this.#known();
    const used = new Set(guest.disks.flatMap(({ chain }) => (chain?.images ?? []).map(({ key }) => key)));
    if (used.size === 0) return;
    const definition = await virsh(hostOf(lab, this.#guest.host), 'dumpxml', '--inactive', guest.uuid);
    for (const folder of folders) {
      for await (const path of glob(`${folder}/${this.#guest.name}-*`)) {
        if (!used.has(path) && !definition.includes(path)) await rm(path);
      }
    }
  }

  /** New data in the active image, by QEMU's own hand, and what the guest reads from then on. */
  async #writeSome(): Promise<void> {
    const { lab } = this.#at;
    if (this.#guest.serial !== null) return;
    const host = hostOf(lab, this.#guest.host);
    const state = (await virsh(host, 'domstate', this.#guest.uuid)).trim();
    if (state === 'running') {
      const offset = this.#random.below(60);
      const length = 1 + this.#random.below(4);
      const write = `write -P ${1 + this.#random.below(255)} ${offset}M ${length}M`;
      const backend = '/machine/peripheral/virtio-disk0/virtio-backend';
      const command = `qemu-io -d ${backend} "${write}"`;
      await virsh(host, 'qemu-monitor-command', this.#guest.uuid, '--hmp', command);
    }
    this.#content = await digestOf(lab, this.#guest);
  }
}

/** What the API says its problem is, or its message where it is none. */
function codeOf({ data, message }: TRPCClientError<never> | { data?: unknown; message: string }): string {
  if (typeof data === 'object' && data !== null && 'problem' in data) {
    const { problem } = data;
    if (typeof problem === 'object' && problem !== null && 'code' in problem) return String(problem.code);
  }
  return message.slice(0, 80);
}

/** Asks until there is an answer: the server may be down for a moment. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
      await delay(POLL_MS);
    }
  }
}
