import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { MiB } from '../../lab/image.ts';
import { hostOf, type LabGuest } from '../../lab/lab.ts';
import { run } from '../../lab/run.ts';
import { virsh } from '../../lab/virsh.ts';
import type { FixIntent } from '../../model/kinds/kinds.ts';
import { defineOther, leak, nameBacking, namedBy } from './doctor.ts';
import { guestFor, imagesOf, lab, pullable } from './rig.ts';

/** Something that is wrong with a guest, and the fix that is to be done once whatever happens. */
export interface FixCase {
  readonly what: string;
  readonly make: (name: string, host?: string) => Promise<LabGuest>;
  readonly intent: (guest: LabGuest) => FixIntent;
  /** How many images the chain has in the end. */
  readonly depth: number;
  /** That it is fixed. */
  readonly expected: (guest: LabGuest) => Promise<void>;
}

/** The cases of each fix. A fix without any does not compile. A resume has none: it needs a guest that writes, on a full file system. */
const CASES: { readonly [Kind in Exclude<FixIntent['kind'], 'resume'>]: readonly [FixCase, ...FixCase[]] } = {
  'end-job': [
    {
      what: 'a pivot of a copy that somebody left',
      async make(name, host = 'alpha') {
        const guest = await pullable(name, { host });
        const file = join(hostOf(lab, host).images, `${name}-copy.qcow2`);
        onTestFinished(() => rm(file, { force: true }));
        const how = '--format qcow2 --transient-job --wait';
        await virsh(hostOf(lab, host), `blockcopy ${guest.uuid} vda --dest ${file} ${how}`);
        return guest;
      },
      intent: () => ({ kind: 'end-job', target: 'vda', how: 'pivot' }),
      depth: 1,
      expected: async (guest) => expect(await inactive(guest)).toContain(`${guest.name}-copy.qcow2`),
    },
    {
      what: 'an abort of a pull that somebody left',
      async make(name, host = 'alpha') {
        const guest = await pullable(name, { host });
        await virsh(hostOf(lab, host), 'blockpull', guest.uuid, 'vda', '1');
        return guest;
      },
      intent: () => ({ kind: 'end-job', target: 'vda', how: 'abort' }),
      depth: 4,
      expected: async ({ host, uuid }) =>
        expect(await virsh(hostOf(lab, host), 'blockjob', uuid, 'vda')).toBe(''),
    },
  ],
  redefine: [
    {
      what: 'a definition that follows',
      async make(name, host = 'alpha') {
        const guest = await layered(name, host, 'running');
        const [active = '', middle = ''] = imagesOf(guest);
        await defineOther(guest, active, middle);
        return guest;
      },
      intent: () => ({ kind: 'redefine', target: 'vda' }),
      depth: 3,
      expected: async (guest) => expect(await inactive(guest)).toContain(`'${imagesOf(guest)[0]}'`),
    },
  ],
  'rewrite-header': [
    {
      what: 'a header that is written anew',
      async make(name, host = 'alpha') {
        const guest = await layered(name, host, 'shut off');
        const [, middle = '', base = ''] = imagesOf(guest);
        await nameBacking(middle, base.slice(base.lastIndexOf('/') + 1), 'qcow2');
        return guest;
      },
      intent(guest) {
        const [, image = '', backing = ''] = imagesOf(guest);
        return {
          kind: 'rewrite-header',
          target: 'vda',
          image,
          backing,
          format: 'qcow2',
          contentMayChange: false,
        };
      },
      depth: 3,
      async expected(guest) {
        const [, middle = '', backing = ''] = imagesOf(guest);
        expect(await namedBy(middle)).toEqual({ backing, format: 'qcow2' });
      },
    },
  ],
  'repair-leaks': [
    {
      what: 'leaked clusters that are given back',
      async make(name, host = 'alpha') {
        const guest = await layered(name, host, 'shut off');
        await leak(imagesOf(guest)[1] ?? '');
        return guest;
      },
      intent: (guest) => ({ kind: 'repair-leaks', target: 'vda', image: imagesOf(guest)[1] ?? '' }),
      depth: 3,
      async expected(guest) {
        expect(await run('qemu-img', ['check', imagesOf(guest)[1] ?? ''])).toContain('No errors were found');
      },
    },
  ],
};

export const fixCases: readonly FixCase[] = Object.values(CASES).flat();

function layered(name: string, host: string, state: LabGuest['state']): Promise<LabGuest> {
  return guestFor({ name, host, state, disks: [{ layers: 3, size: 16 * MiB }] });
}

function inactive({ host, uuid }: LabGuest): Promise<string> {
  return virsh(hostOf(lab, host), 'dumpxml', '--inactive', uuid);
}
