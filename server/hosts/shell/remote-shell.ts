import { shellWord } from '../../../model/plans/shell.ts';
import { type SshTarget, sshArguments } from '../../libvirt/index.ts';
import { followOutput, TooSlow } from './process-output.ts';
import { Turns } from './turns.ts';

/** sshd allows about ten sessions of a user at a time (MaxSessions, MaxStartups), and libvirt needs some too. */
const turns = new Turns(3);
/** Exit status of ssh where there was no session, and of the shell where there is no such program. */
const NO_SESSION = 255;
const NO_PROGRAM = 127;

/** Why a script on another host failed. `unreachable` and `not-installed` are about the host, the others about this script. */
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
 * `$2`, … are the words: nothing in them is ever read as a command. `read` gets its output as it comes; an error that `read`
 * throws ends it.
 * Throws `RemoteShellError`.
 * @param deadline by `performance.now()`
 */
export async function runRemotely(
  target: SshTarget,
  { script, words, deadline }: { script: string; words: readonly string[]; deadline: number },
  read: (text: string) => void,
): Promise<void> {
  const command = ['sh', '-c', script, 'sh', ...words].map(shellWord).join(' ');
  const { failure, status, stderr } = await turns.take(() => {
    const timeout = Math.max(0, deadline - performance.now());
    return followOutput(['ssh', ...sshArguments(target, command)], { timeout, env: process.env }, read);
  });
  if (failure instanceof TooSlow) throw new RemoteShellError('timeout', 'the host took too long to answer');
  if (failure !== null) throw new RemoteShellError('unreachable', failure.message);
  if (status !== 0) throw new RemoteShellError(codeOf(status), stderr || `ssh ended with ${status}`);
}

function codeOf(status: number | null): RemoteShellError['code'] {
  if (status === NO_SESSION) return 'unreachable';
  return status === NO_PROGRAM ? 'not-installed' : 'failed';
}
