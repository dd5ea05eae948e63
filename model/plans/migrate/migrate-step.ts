import { type CommandLine, virshCommand } from '../command.ts';
import type { StepKind } from '../kind.ts';
import { guestOf } from '../plan.ts';
import { shellCommand } from '../shell.ts';
import type { AnyStep } from '../step.ts';

/** Moves the running guest to another host; `hostId` is where it comes from. */
export interface MigrateStep extends AnyStep {
  readonly kind: 'migrate';
  readonly to: string;
  /** How the source's daemon reaches the destination's. */
  readonly destinationUri: string;
  /** How the source's QEMU reaches the destination's; `null` leaves that to libvirt. */
  readonly migrateUri: string | null;
  /** Which file each disk has at the destination. */
  readonly disks: readonly { readonly target: string; readonly file: string }[];
}

export const migrateStepKind: StepKind<MigrateStep> = {
  work: 'migration',
  command(plan, step) {
    const { name } = guestOf(plan);
    const [xml, defined] = [`${name}.xml`, `${name}-defined.xml`];
    const { disks, destinationUri, migrateUri } = step;
    const dump = (file: string, ...which: readonly string[]) => {
      const args = ['dumpxml', ...which, '--migratable', '--security-info', name];
      return `${virshCommand(plan, step, args)} > ${shellCommand([file])}`;
    };
    const prepared: readonly CommandLine[] = [
      dump(xml),
      dump(defined, '--inactive'),
      { note: 'unsafe', params: {} },
      ...disks.map((params) => ({ note: 'edit-both-files', params }) as const),
    ];
    return [
      ...(disks.length > 0 ? prepared : []),
      virshCommand(plan, step, [
        'migrate',
        '--live',
        '--p2p',
        '--persistent',
        '--undefinesource',
        ...(disks.length > 0 ? ['--unsafe', '--xml', xml, '--persistent-xml', defined] : []),
        name,
        destinationUri,
        ...(migrateUri === null ? [] : ['--migrateuri', migrateUri]),
      ]),
    ];
  },
  text: ({ guestName }, { to }, hostNamed) => ({ guest: guestName ?? '', host: hostNamed(to) }),
  // libvirt moves no checkpoint, whatever becomes of the disks, and says nothing of it.
  bitmaps: () => 'lost',
  files: ({ disks }) => disks.map(({ file }) => file),
  otherHost: ({ to }) => to,
  // At the destination, the guest runs on the new image over those that it had here.
  depthAfter: ({ disks }, target, before) =>
    disks.some((one) => one.target === target) ? before + 1 : before,
};
