import { expect, test } from 'vitest';
import { guestFigures } from './guest-figures.ts';
import { disk, guest, image } from './testing.ts';

const base = image('/base.img', 100);

test('the deepest chain counts, and an image that two disks share counts once', () => {
  const made = guest('a', [
    disk('vda', [image('/a', 1), base]),
    disk('vdb', [image('/b', 2), image('/c', null), base]),
  ]);
  const figures = guestFigures(made);
  expect(figures.deepest?.target).toBe('vdb');
  expect(figures.depth).toBe(3);
  expect(figures).toMatchObject({ bytes: 103, partial: true });
  expect(guestFigures(made)).toBe(figures);
});

test('without a known chain there is nothing to say', () => {
  expect(guestFigures(guest('a', [disk('sda', null)]))).toEqual({
    deepest: null,
    depth: 0,
    bytes: null,
    partial: false,
    lost: [],
  });
});

test('snapshots that nobody can revert to are counted by state', () => {
  const record = (name: string, overlay: string) => ({
    name,
    description: null,
    createdAt: 0,
    parent: null,
    disks: [{ target: 'vda', kind: 'external' as const, frozen: '/base.img', overlay }],
  });
  const records = [record('kept', '/a'), record('old', '/gone')];
  const made = guest('a', [disk('vda', [image('/a'), base])], { records });
  expect(guestFigures(made).lost).toEqual([{ state: 'stale', count: 1 }]);
});
