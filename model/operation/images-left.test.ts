import { expect, test } from 'vitest';
import { planFlatten } from '../plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, REF } from '../testing.ts';
import { imagesLeft } from './images-left.ts';

const disk = diskWith(chainOf('/vm/active', '/vm/sn1', '/vm/base'));
const intent = flattenTo('/vm/base', { snapshotFirst: { name: 's', file: '/vm/new' }, forgetAfter: true });
const plan = planFlatten(REF, disk, intent, { ...FACTS, disks: [disk] });

test.each([
  [['waiting', 'waiting', 'waiting'], 3],
  [['undone', 'failed', 'waiting'], 3],
  [['done', 'running', 'waiting'], 4],
  [['done', 'done', 'failed'], 2],
  [['done', 'done', 'done'], 2],
] as const)(
  'regression: a flatten whose snapshot stayed was reported to have left the chain unchanged: %j',
  (states, left) => {
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['snapshot', 'pull', 'forget']);
    expect(imagesLeft({ plan, steps: states.map((state) => ({ state })) })).toBe(left);
  },
);

test('a guest that went without its pull has one image more', () => {
  const steps = [{ kind: 'migrate', hostId: 'a', to: 'b', destinationUri: '', migrateUri: null }] as const;
  const went = {
    ...plan,
    steps: steps.map((step) => ({ ...step, disks: [{ target: 'vda', file: '/there' }] })),
  };
  expect(imagesLeft({ plan: went, steps: [{ state: 'done' }] })).toBe(4);
  expect(imagesLeft({ plan: went, steps: [{ state: 'failed' }] })).toBe(3);
});
