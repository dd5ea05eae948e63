import { setTimeout as delay } from 'node:timers/promises';
import { killDaemon, killQemu, startDaemon } from '../../lab/faults.ts';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { virsh } from '../../lab/virsh.ts';
import type { Workplace } from './operator.ts';
import type { RandomSource } from './random-source.ts';

/** How long to wait for an operation to run before something is killed anyway. */
const PATIENCE_MS = 5000;
const POLL_MS = 50;

/** Kills one process after the other, at random moments of running operations, while it is time. */
export async function injectFaults(
  { lab, server, turns, tally, say }: Workplace,
  guests: readonly LabGuest[],
  random: RandomSource,
  isTime: () => boolean,
): Promise<void> {
  const deeds: readonly (() => Promise<string>)[] = [
    async () => {
      await server.killAndRestart(random.below(3000));
      return 'dashboard killed';
    },
    () =>
      turns.on(async () => {
        const host = random.of(lab.hosts);
        await killDaemon(lab, host);
        await delay(random.below(3000));
        await startDaemon(lab, host);
        return 'libvirtd killed';
      }),
    () =>
      turns.on(async () => {
        const busy = await underWay(server);
        const guest = random.of(guests);
        const aim = guests.find(({ uuid }) => busy.has(uuid)) ?? guest;
        const running = await virsh(hostOf(lab, aim.host), 'list', '--uuid');
        if (!running.includes(aim.uuid)) return 'nothing';
        await killQemu(lab, aim);
        return 'QEMU killed';
      }),
  ];
  while (isTime()) {
    await delay(5000 + random.below(20_000));
    if (!isTime()) return;
    const until = Date.now() + PATIENCE_MS;
    while ((await underWay(server)).size === 0 && Date.now() < until) await delay(POLL_MS);
    await delay(random.below(500));
    const deed = await random.of(deeds)();
    if (deed === 'nothing') continue;
    tally.did(deed);
    say(deed);
  }
}

/** UUIDs of guests with a running operation; empty while nobody answers. */
async function underWay({ api }: Workplace['server']): Promise<ReadonlySet<string>> {
  const running = await api.operations.list.query({ state: 'running', limit: 50 }).catch(() => []);
  return new Set(running.flatMap(({ plan }) => plan.guest?.uuid ?? []));
}
