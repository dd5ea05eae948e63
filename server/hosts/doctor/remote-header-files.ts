import { posix } from 'node:path';
import type { SshTarget } from '../../libvirt/index.ts';
import { START_BYTES } from '../images/header-chain.ts';
import { checkOf } from '../images/qemu-img.ts';
import { runRemotely } from '../shell/remote-shell.ts';
import { type HeaderFiles, type LocatedFile, NOWHERE } from './header-files.ts';

/** Milliseconds that an examination waits for a host's shell. */
const LIMIT = 30_000;
/** Milliseconds; qemu-img reads all of an image's tables. */
const CHECK_LIMIT = 600_000;
/** Paths for one command, which is one argument of ssh and may have 128 KiB. */
const MOST_PATHS = 100;
/** Characters of `qemu-img check`. */
const LONGEST_CHECK = 2 ** 20;

/**
 * Prints one line for each file: whether it exists, its identity, and in base64 the target of a link, the folder's real path,
 * and the first bytes. A pipe is not opened, since that would wait for a writer.
 */
const READ = [
  'export LC_ALL=C',
  'b64() { base64 | tr -d "\\n"; }',
  'while [ $# -gt 0 ]; do file=$1; folder=$2; shift 2',
  `if facts=$(stat -L -c '%d %i %t:%T %F' -- "$file" 2>&1); then`,
  '[ -L "$file" ] && link=$(readlink -f -- "$file" | b64) || link=',
  `printf 'there|%s|%s|%s|' "$facts" "$link" "$(readlink -f -- "$folder" | b64)"`,
  `[ -f "$file" ] && [ -r "$file" ] && head -c ${START_BYTES} -- "$file" | b64`,
  'else case $facts in *"No such file"*) printf missing ;; *) printf unreadable ;; esac; fi',
  'echo',
  'done',
].join('\n');

/** The result is printed with errors (2) or leaks (3) too. */
const CHECK = [
  'export LC_ALL=C',
  'command -v qemu-img >/dev/null || { echo "qemu-img is not installed there" >&2; exit 127; }',
  'qemu-img check -U --output=json -f qcow2 -- "$1"; status=$?',
  'case $status in 2|3) exit 0 ;; *) exit $status ;; esac',
].join('\n');

/** The files of another host, through ssh. Both methods throw `RemoteShellError`. */
export function remoteFiles(target: SshTarget): HeaderFiles {
  return {
    async read(paths) {
      const wanted = [...new Set(paths)];
      const found = new Map<string, LocatedFile>();
      for (let at = 0; at < wanted.length; at += MOST_PATHS) {
        const some = wanted.slice(at, at + MOST_PATHS);
        const words = some.flatMap((path) => [path, posix.dirname(path)]);
        const lines = (await outputOf(target, READ, words, LIMIT)).split('\n');
        for (const [i, path] of some.entries()) found.set(path, fileIn(path, lines[i] ?? ''));
      }
      return found;
    },
    check: async (path) => checkOf(await outputOf(target, CHECK, [`file:${path}`], CHECK_LIMIT)),
  };
}

async function outputOf(
  target: SshTarget,
  script: string,
  words: readonly string[],
  limit: number,
): Promise<string> {
  let text = '';
  const most = limit === CHECK_LIMIT ? LONGEST_CHECK : Number.POSITIVE_INFINITY;
  await runRemotely(target, { script, words, deadline: performance.now() + limit }, (more) => {
    text += more;
    if (text.length > most) throw new Error('The output of the host is too long');
  });
  return text;
}

function fileIn(path: string, line: string): LocatedFile {
  const [at = '', facts = '', link = '', folder = '', start = ''] = line.split('|');
  if (at !== 'there') return at === 'missing' ? NOWHERE : { ...NOWHERE, at: 'unreadable' };
  const [device = '', number = '', rdev = '', ...kind] = facts.split(' ');
  const isDevice = kind[0] === 'block';
  const isLink = link !== '';
  return {
    at,
    identity: isDevice ? `device ${rdev}` : `inode ${device} ${number}`,
    link: isLink && kind[0] === 'regular',
    plain: isLink ? textIn(link) : straight(path, textIn(folder)),
    start: start === '' ? null : Buffer.from(start, 'base64'),
  };
}

function straight(path: string, folder: string): string {
  return posix.normalize(path) === path ? path : posix.join(folder, posix.basename(path));
}

/** A line that a program printed. */
function textIn(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8').replace(/\n$/, '');
}
