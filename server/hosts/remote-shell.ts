import { spawn } from 'node:child_process';
import { shellWord } from '../../model/shell.ts';
import { type SshTarget, sshArguments } from '../libvirt/index.ts';
import { Turns } from './turns.ts';

/** ssh takes some ten sessions of one user at a time (MaxSessions, MaxStartups), and libvirt has its own. */
const turns = new Turns(3);
/** Characters of complaints that are kept. */
const COMPLAINTS = 2000;
/** ssh's own status where there was no session, and the shell's where there is no such program. */
const NO_SESSION = 255;
const NO_PROGRAM = 127;

/** Why a program on another host told nothing. `unreachable` and `not-installed` are about the host, the others about what was asked. */
export class RemoteShellError extends Error {
  readonly code: 'unreachable' | 'not-installed' | 'timeout' | 'failed';

  constructor(code: RemoteShellError['code'], reason: string) {
    super(reason);
    this.name = 'RemoteShellError';
    this.code = code;
  }
}

/**
 * Runs a script on the host that an ssh connection leads to, by the system's ssh as libvirt's own connection does. Its `$1`,
 * `$2`, … are the words: nothing in them is ever read as a command. What it prints goes to `said` as it comes; what that throws ends it.
 * Throws `RemoteShellError`.
 * @param deadline by `performance.now()`
 */
export function runRemotely(
  target: SshTarget,
  { script, words, deadline }: { script: string; words: readonly string[]; deadline: number },
  said: (text: string) => void,
): Promise<void> {
  const command = ['sh', '-c', script, 'sh', ...words].map(shellWord).join(' ');
  return turns.take(() => ended(target, command, deadline, said));
}

function ended(target: SshTarget, command: string, deadline: number, said: (text: string) => void) {
  return new Promise<void>((resolve, reject) => {
    const child = spawn('ssh', sshArguments(target, command), { stdio: ['ignore', 'pipe', 'pipe'] });
    let complaint = '';
    const fail = (error: unknown) => {
      reject(error);
      child.kill();
    };
    const timer = setTimeout(
      () => fail(new RemoteShellError('timeout', 'the host took too long to answer')),
      Math.max(0, deadline - performance.now()),
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-COMPLAINTS);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      try {
        said(text);
      } catch (error) {
        fail(error);
      }
    });
    child.on('error', (error) => fail(new RemoteShellError('unreachable', error.message)));
    child.on('close', (status) => {
      clearTimeout(timer);
      if (status === 0) resolve();
      else reject(new RemoteShellError(codeOf(status), complaint.trim() || `ssh ended with ${status}`));
    });
  });
}

function codeOf(status: number | null): RemoteShellError['code'] {
  if (status === NO_SESSION) return 'unreachable';
  return status === NO_PROGRAM ? 'not-installed' : 'failed';
}
