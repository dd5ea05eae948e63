import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'in-release-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['path', 'cache', 'project/bin', 'project/node_modules']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'project/.linux'), '');
  // What needs root is done by the programs below.
  const script = readFileSync(join(import.meta.dirname, 'in-release'), 'utf8').replace(
    '((EUID == 0))',
    'true',
  );
  writeFileSync(join(root, 'project/bin/in-release'), script);
  for (const name of ['node', 'npm']) program(name);
  program('unshare', 'echo "in the release $(cat "$ROOT/made")"');
});

/** Puts a program on the path that notes its call and then runs `body`. */
function program(name: string, body = ':'): void {
  const path = join(root, 'path', name);
  writeFileSync(path, `#!/bin/bash\necho "${name}" >> ${root}/calls\n${body}\n`);
  chmodSync(path, 0o755);
}

/** A release that was made so many days ago. */
function kept(suite: string, days: number): void {
  const [files, tar] = [join(root, 'files'), join(root, `cache/${suite}.tar`)];
  mkdirSync(join(files, 'usr/bin'), { recursive: true });
  writeFileSync(join(files, 'made'), 'before');
  spawnSync('tar', ['-C', files, '-cf', tar, '.']);
  const then = Date.now() / 1000 - days * 24 * 60 * 60;
  utimesSync(tar, then, then);
}

/** debootstrap makes a release, or says why not. */
const canBeMade = () =>
  program('debootstrap', 'mkdir -p "$4"/{usr/bin,etc/dpkg/dpkg.cfg.d} && echo today > "$4/made"');
const canNotBeMade = () => program('debootstrap', 'echo "E: Failure while configuring packages"; exit 1');

function inRelease(suite: string) {
  const { status, stdout, stderr } = spawnSync(
    '/bin/bash',
    [join(root, 'project/bin/in-release'), suite, 'true'],
    {
      env: {
        ...process.env,
        PATH: `${root}/path:/usr/bin:/bin`,
        BACKCHAIN_RELEASES: join(root, 'cache'),
        TMPDIR: root,
      },
      encoding: 'utf8',
    },
  );
  const calls = readFileSync(join(root, 'calls'), 'utf8').trim().split('\n');
  return {
    status,
    ran: stdout.trim().split('\n').at(-1),
    words: stderr,
    made: calls.includes('debootstrap'),
  };
}

const day = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toLocaleDateString('sv');

test('a sid that can’t be made today is the last one that could, and that is said', () => {
  kept('sid', 3);
  canNotBeMade();
  expect(inRelease('sid')).toMatchObject({
    status: 0,
    ran: 'in the release before',
    words: expect.stringContaining(`Debian sid can't be made today; this is the one of ${day(3)}`),
    made: true,
  });
});

test('a sid whose packages can’t be installed is none', () => {
  kept('sid', 3);
  canBeMade();
  program('unshare', '[[ "$*" != *" bin/setup test" ]] || exit 1; echo "in the release $(cat "$ROOT/made")"');
  expect(inRelease('sid')).toMatchObject({ status: 0, ran: 'in the release before' });
});

test('a release that never could be made is an error, with what was said', () => {
  canNotBeMade();
  expect(inRelease('sid')).toMatchObject({
    status: 1,
    words: expect.stringMatching(
      /Failure while configuring packages\s+in-release: Debian sid could not be made/,
    ),
  });
});

test.each([
  { suite: 'sid', days: 0, made: false, ran: 'in the release before' },
  { suite: 'sid', days: 2, made: true, ran: 'in the release today' },
  { suite: 'trixie', days: 100, made: false, ran: 'in the release before' },
])('$suite, made $days days ago, is made anew: $made', ({ suite, days, made, ran }) => {
  kept(suite, days);
  canBeMade();
  expect(inRelease(suite)).toMatchObject({ status: 0, made, ran });
});

test('what was made is kept, and nothing else', () => {
  canBeMade();
  expect(inRelease('trixie')).toMatchObject({ status: 0, ran: 'in the release today' });
  expect(readdirSync(join(root, 'cache')).toSorted()).toEqual(['lock', 'trixie.log', 'trixie.tar']);
  expect(readdirSync(root).filter((name) => name.startsWith('tmp.'))).toEqual([]);
  canNotBeMade();
  expect(inRelease('trixie')).toMatchObject({ status: 0, ran: 'in the release today' });
});
