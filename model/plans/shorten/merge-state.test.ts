import { expect, test } from 'vitest';
import { marked } from '../../content/cluster-map.ts';
import { rigOf } from '../../cost/testing.ts';
import { stateAfter } from './merge-state.ts';

test.each([
  ['data', false, [1, 2, 3], []],
  ['zeros', true, [1, 2], [3]],
])('if a commit writes zeros as %s, the next job finds them so', (_, keepsZeros, data, zeros) => {
  const { chain, facts } = rigOf(2 ** 26, [{}, { data: [1], zeros: [3] }, { data: [2] }]);
  const merge = { kind: 'commit', top: '/1', base: '/2' } as const;
  const { maps } = stateAfter({ chain, ...facts }, merge, null, keepsZeros);
  const into = maps.get('/2');
  expect([...marked(into?.data ?? new Uint32Array(0))]).toEqual(data);
  expect([...marked(into?.zeros ?? new Uint32Array(0))]).toEqual(zeros);
});
