import { NextIntlClientProvider } from 'next-intl';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import messages from '../../messages/en.json' with { type: 'json' };
import type { Checkpoint } from '../../model/fleet/checkpoint.ts';
import type { CheckpointChange } from '../../model/plans/checkpoint-change.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { problem } from '../../model/problem.ts';
import { chainOf, diskWith, FACTS, flattenTo, guestWith, REF } from '../../model/testing.ts';
import { CheckpointChanges } from './checkpoint-changes.tsx';
import { CheckpointList } from './checkpoint-list.tsx';

/** What is read of it, without its marks. Throws where a text is missing or can't be filled. */
function textOf(node: ReactNode): string {
  const settings = {
    locale: 'en' as const,
    children: node,
    timeZone: 'UTC',
    messages: { ...messages, errors: {} },
    onError(error: Error) {
      throw error;
    },
  };
  const html = renderToStaticMarkup(createElement(NextIntlClientProvider, settings));
  return html.replaceAll(/<[^>]+>/g, '|').replaceAll(/\|+/g, '|');
}

const disk = diskWith(chainOf('/active', '/base'));
const plan = planFlatten(REF, disk, flattenTo(null), FACTS);
const on = (target: string, outcome: CheckpointChange['outcome'], ...names: readonly string[]) =>
  names.map((name) => ({ name, target, outcome }));

test('a plan says disk by disk what becomes of checkpoints, and what the next backup then is', () => {
  const checkpoints = [...on('vda', 'broken', 'c1', 'c2'), ...on('vdb', 'kept', 'a', 'b', 'c', 'd', 'e')];
  const text = textOf(createElement(CheckpointChanges, { plan: { ...plan, checkpoints } }));
  expect(text).toContain('|vda: c1, c2|breaks|vdb: 5 checkpoints|kept|');
  expect(text).toContain('Kept: the next incremental backup continues');
  expect(text).toContain('Breaks: the next incremental backup would lack data.');
});

test.each(['kept', 'merged', 'unsure', 'lost', 'broken', 'gone'] as const)('%s has its texts', (outcome) => {
  const checkpoints = on('vda', outcome, 'c1');
  expect(textOf(createElement(CheckpointChanges, { plan: { ...plan, checkpoints } }))).toMatch(
    /^\|What happens to the checkpoints\|vda: c1\|[a-z ]+\|[A-Z].*backup.*\.\|$/,
  );
});

test('a plan is silent where there are no checkpoints, and not where they are unknown', () => {
  expect(textOf(createElement(CheckpointChanges, { plan: plan }))).toBe('');
  expect(textOf(createElement(CheckpointChanges, { plan: { ...plan, checkpoints: [] } }))).toBe('');
  expect(textOf(createElement(CheckpointChanges, { plan: { ...plan, checkpoints: null } }))).toContain(
    'is unknown',
  );
});

const known = ['c1', 'c2', 'c3', 'c4', 'c5'].map(
  (name, i): Checkpoint => ({
    name,
    createdAt: i * 1000,
    parent: null,
    disks: i === 4 ? [] : ['vda', 'vdb'],
  }),
);

test('a guest’s checkpoints are listed with their disks, the newest first, the older ones folded', () => {
  const guest = guestWith(disk, { checkpoints: { known, problem: null } });
  const text = textOf(createElement(CheckpointList, { guest: guest, disk }));
  expect(text.match(/c\d|vda, vdb|of no disk|1 older/g)).toEqual([
    ...['c5', 'of no disk', 'c4', 'vda, vdb', 'c3', 'vda, vdb', 'c2', 'vda, vdb'],
    ...['1 older', 'c1', 'vda, vdb'],
  ]);
  expect(text).not.toContain('no bitmap');
});

test('checkpoints without a bitmap are listed as what they are, and unknown ones are no empty list', () => {
  const off = guestWith(disk, { state: 'shutoff', checkpoints: { known, problem: null } });
  expect(textOf(createElement(CheckpointList, { guest: off, disk }))).toContain('Make a full backup of vda.');
  const unread = { known: null, problem: problem('CHECKPOINTS_UNREADABLE', { reason: 'no.' }) };
  const text = textOf(
    createElement(CheckpointList, { guest: guestWith(disk, { checkpoints: unread }), disk }),
  );
  expect(text).toContain('did not list the checkpoints of this guest: no. Whether');
  expect(textOf(createElement(CheckpointList, { guest: guestWith(disk), disk }))).toBe('');
});
