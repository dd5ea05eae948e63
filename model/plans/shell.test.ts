import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellCommand, shellWord } from './shell.ts';

test('plain words stay as they are', () => {
  expect(shellCommand(['virsh', '--base', '/srv/vm/base.img', 'vda'])).toBe(
    'virsh --base /srv/vm/base.img vda',
  );
});

test.each(['', 'a b', `it's`, '$(reboot)', '`x`', 'ü 名 "q" & \\', 'two\nlines', '--', '*'])(
  'a shell gives %j back',
  (text) => {
    const printed = execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
    expect(printed).toBe(text);
  },
);
