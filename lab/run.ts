import { LabError } from './error.ts';
import { Interpreter, quoted } from './interpreter.ts';

export interface Outcome {
  /** Exit status; above 128 when a signal ended the program. */
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever its exit status. Rejects with `not-installed` when there is no such program. */
export async function attempt(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const outcome = await evaluate([program, ...args].map(quoted).join(' '), input);
  if (outcome.status === NOT_FOUND) {
    throw new LabError(
      'not-installed',
      `${program} could not be run; bin/setup installs it: ${outcome.stderr}`,
    );
  }
  return outcome;
}

/** Runs a program and returns what it printed. Rejects with `failed` and the program's own words on any other exit status than 0. */
export async function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return printed(await attempt(program, args, input), [program, ...args].join(' '));
}

/** Runs programs one after the other, up to the first that fails, and returns all that they printed. */
export async function runAll(commands: readonly (readonly string[])[]): Promise<string> {
  const lines = commands.map((command) => command.map(quoted).join(' '));
  return printed(await evaluate(['set -e', ...lines].join('\n')), lines.join('; '));
}

function printed({ status, stdout, stderr }: Outcome, command: string): string {
  if (status === 0) return stdout;
  const words = stderr.trim() || stdout.trim() || `exit status ${status}`;
  throw new LabError('failed', `${command.slice(0, 300)}: ${words}`);
}

/** A shell's exit status where there is no such program. */
const NOT_FOUND = 127;

// To start a program takes Node tens of milliseconds, since the kernel copies the page tables of a large process, and a shell
// one. So a shell that has ended a program waits for the next one.
const shells = new Set<Interpreter>();
let evaluated = 0;

/** What the lines of a script print, and its exit status. */
async function evaluate(script: string, input = ''): Promise<Outcome> {
  const shell = freeShell();
  shell.isFree = false;
  evaluated += 1;
  const end = `ended-${process.pid}-${evaluated}`;
  const last = new RegExp(`\\n${end} (\\d+)\\n$`);
  const from = input === '' ? '< /dev/null' : `<< '${end}'\n${input}\n${end}`;
  const mark = `'\\n${end} %s\\n'`;
  const { stdout, stderr } = await shell.ask(
    `(\n${script}\n) ${from}\nstatus=$?; printf ${mark} $status; printf ${mark} $status >&2\n`,
    (so) => last.test(so.stdout) && last.test(so.stderr),
  );
  shell.release();
  const status = Number(last.exec(stdout)?.[1]);
  return { status, stdout: stdout.replace(last, ''), stderr: stderr.replace(last, '') };
}

function freeShell(): Interpreter {
  for (const shell of shells) if (shell.isFree) return shell;
  const made = new Interpreter('sh', [], () => shells.delete(made));
  shells.add(made);
  return made;
}
