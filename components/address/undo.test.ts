import { expect, test } from 'vitest';
import { undoAddress } from './undo.ts';

const GUEST = { hostId: 'alpha', uuid: '0b8e0b6e-52a1-4ab1-a32c-9d4b3a9c7f10' };
const AT = `/h/alpha/${GUEST.uuid}/vdb`;

test('a flatten is undone in a form of its own, with the operation in the address', () => {
  const past = { target: 'vdb', before: [], after: [], format: 'qcow2', since: 1, forgotten: [] };
  expect(undoAddress(GUEST, 'op', { kind: 'flatten', past })).toBe(`${AT}?do=undo&of=op`);
});

test('a move is undone by a move to the old path', () => {
  const undo = { kind: 'move', target: 'vdb', file: '/vm/a b.qcow2' } as const;
  expect(undoAddress(GUEST, 'op', undo)).toBe(`${AT}?do=move&file=%2Fvm%2Fa+b.qcow2`);
});
