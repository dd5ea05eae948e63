import { expect, test } from 'vitest';
import { stampOf } from './remote-files.ts';

const LINE =
  '66310 131 1310720 2576 512 2026-11-26 13:00:00.123456789 +0000 2026-11-26 13:00:00.123456789 +0000|1790427600 1790427600';

test('the version has all that a write changes, and is settled once the clock has moved on', () => {
  const stamp = stampOf(`${LINE} regular file`, 1790427700);
  expect(stamp).toMatchObject({ settled: true, length: 1310720, allocated: 2576 * 512 });
  expect(stamp?.version).toContain('.123456789');
  expect(stampOf(`${LINE} regular file`, 1790427601)?.settled).toBe(false);
});

test('a device is never settled, and other types have no stamp', () => {
  expect(stampOf(`${LINE} block special file`, 1790427700)?.settled).toBe(false);
  for (const line of [`${LINE} fifo`, `${LINE} directory`, '-', ''])
    expect(stampOf(line, 1790427700)).toBeNull();
});
