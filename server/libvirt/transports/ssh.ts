import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { LibvirtError } from '../errors.ts';
import type { SshTarget } from '../uri.ts';
import { remoteCommand } from './ssh-command.ts';

/** Characters of ssh's standard error that are kept for the error's text. */
const COMPLAINTS = 4096;

/**
 * The standard streams of the system's `ssh`, which runs a relay to the daemon's socket on the remote host. So the user's
 * own configuration, agent and known hosts apply. It never prompts: without a key that works it fails.
 */
export async function openSsh(target: SshTarget): Promise<Duplex> {
  return new ProcessStream(spawn('ssh', sshArguments(target), { stdio: 'pipe' }));
}

/** Arguments for `ssh`. @param command for the remote shell; a relay to the daemon by default */
export function sshArguments(target: SshTarget, command = remoteCommand(target)): string[] {
  return [
    ...['-T', '-e', 'none', '-o', 'BatchMode=yes'],
    ...(target.port === null ? [] : ['-p', String(target.port)]),
    ...(target.user === null ? [] : ['-l', target.user]),
    ...(target.keyfile === null ? [] : ['-i', target.keyfile]),
    '--',
    target.host,
    command,
  ];
}

/** A child's stdin and stdout as one stream. When the child fails, the stream's error has the child's text. */
class ProcessStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  #complaints = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    super();
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-COMPLAINTS);
    });
    // A write to a child that is gone fails with EPIPE; `close` then gives the reason.
    child.stdin.on('error', () => child.stdin.destroy());
    child.on('error', (error) => this.destroy(lost(`ssh could not be started: ${error.message}`, error)));
    child.on('close', (status) => this.#closed(status));
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // Errors of the child's stdin are reported when it ends.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  #closed(status: number | null): void {
    const complaint = this.#complaints.trim();
    if (status === 0 && complaint === '') this.push(null);
    else this.destroy(lost(complaint === '' ? `ssh ended with status ${status}` : `ssh: ${complaint}`));
  }
}

function lost(text: string, cause?: unknown): LibvirtError {
  return new LibvirtError('CONNECTION_LOST', text, cause === undefined ? {} : { cause });
}
