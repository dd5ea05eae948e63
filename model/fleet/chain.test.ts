import { expect, test } from 'vitest';
import { chainOf, imageAt } from '../testing.ts';
import { activeOf, fingerprint, flattened, mergedToward, positionOf } from './chain.ts';

const chain = chainOf('/active', '/sn2', '/sn1', '/base');
const keys = (images: readonly { key: string }[]) => images.map(({ key }) => key);

test('the guide: base <- sn1 <- sn2 <- active toward sn1', () => {
  expect(keys(mergedToward(chain, '/sn1'))).toEqual(['/sn2']);
  expect(keys(flattened(chain, '/sn1').images)).toEqual(['/active', '/sn1', '/base']);
});

test('without a base all but the active image merge', () => {
  expect(keys(mergedToward(chain, null))).toEqual(['/sn2', '/sn1', '/base']);
  expect(keys(flattened(chain, null).images)).toEqual(['/active']);
});

test.each(['/active', '/sn2', '/elsewhere'])('toward %s nothing merges', (base) => {
  expect(mergedToward(chain, base)).toEqual([]);
  expect(flattened(chain, base)).toEqual(chain);
});

test('an empty drive has no active image', () => {
  expect(activeOf({ images: [] })).toBeNull();
  expect(positionOf({ images: [] }, '/base')).toBe(-1);
});

test('the fingerprint is that of images, order and formats, not of sizes', () => {
  const one = { images: [imageAt('/a'), imageAt('/b')] };
  const same = { images: [imageAt('/a', { allocated: 7, virtualSize: null }), imageAt('/b', { index: 9 })] };
  expect(fingerprint(same)).toBe(fingerprint(one));
  expect(fingerprint({ images: [imageAt('/b'), imageAt('/a')] })).not.toBe(fingerprint(one));
  expect(fingerprint({ images: [imageAt('/a'), imageAt('/b', { format: 'raw' })] })).not.toBe(
    fingerprint(one),
  );
});
