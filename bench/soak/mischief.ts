import { setTimeout as delay } from 'node:timers/promises';
import { killDaemon, killQemu, startDaemon } from '../../lab/faults.ts';
import { virsh } from '../../lab/guest.ts';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import type { Chance } from './chance.ts';
import type { Workplace } from './operator.ts';

/** Kills one thing after the other, at random moments, while it is time. */
export async function mischief(
  { lab, server, hands, tally, say }: Workplace,
  guests: readonly LabGuest[],
  chance: Chance,
  isTime: () => boolean,
): Promise<void> {
  const deeds: readonly (() => Promise<string>)[] = [
    async () => {
      await server.killAndRestart(chance.below(3000));
      return 'dashboard killed';
    },
    () =>
      hands.on(async () => {
        const host = chance.of(lab.hosts);
        await killDaemon(lab, host);
        await delay(chance.below(3000));
        await startDaemon(lab, host);
        return 'libvirtd killed';
      }),
    () =>
      hands.on(async () => {
        const guest = chance.of(guests);
        const running = await virsh(hostOf(lab, guest.host), 'list', '--uuid');
        if (!running.includes(guest.uuid)) return 'nothing';
        await killQemu(lab, guest);
        return 'QEMU killed';
      }),
  ];
  while (isTime()) {
    await delay(5000 + chance.below(20_000));
    if (!isTime()) return;
    const deed = await chance.of(deeds)();
    if (deed === 'nothing') continue;
    tally.did(deed);
    say(deed);
  }
}
