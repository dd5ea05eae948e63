import { expect, test } from 'vitest';
import { VIEWS, viewFrom, withView } from './view.ts';

test.each(VIEWS)('%s survives the address', (view) => {
  expect(viewFrom(new URLSearchParams(withView(new URLSearchParams('view=table'), view)))).toBe(view);
});

test('the rest of the query stays, and what is no view is the graph', () => {
  expect(withView(new URLSearchParams('view=table&image=/a'), 'graph')).toBe('?image=%2Fa');
  expect(withView(new URLSearchParams(), 'graph')).toBe('');
  expect(viewFrom(new URLSearchParams('view=x'))).toBe('graph');
});
