import type { LabHost } from './description.ts';
import { LabError } from './error.ts';
import { Interpreter, type Printed, quoted } from './interpreter.ts';
import { run } from './run.ts';

// To start virsh takes 40 ms of CPU time, and most commands less than one. So one that has answered waits for the next command.

/** Runs one virsh command, or several in one string with `;` between them, on a host. Rejects with `failed` and virsh's own words. */
export async function virsh(host: LabHost, ...command: string[]): Promise<string> {
  const line = command.length === 1 ? (command[0] ?? '') : command.map(quoted).join(' ');
  // Its prompt takes a tab for a wish to complete a name, and a line's end for the command's.
  if (/[\t\n]/.test(line)) return run('virsh', ['--quiet', '--connect', host.uri, ...command]);
  const shell = await shellOf(host);
  const { stdout, stderr } = await answer(shell, line);
  shell.release();
  if (/^error: /m.test(stderr)) throw new LabError('failed', `virsh ${line.slice(0, 300)}: ${stderr.trim()}`);
  return stdout;
}

/** Ends all that talk to a host in this folder, also in the middle of a command; resolves when they are gone. */
export async function endVirsh(dir: string): Promise<void> {
  const uris = [...shellsOf.keys()].filter((uri) => uri.includes(`${dir}/`));
  await Promise.all(uris.flatMap((uri) => [...(shellsOf.get(uri) ?? [])].map((shell) => shell.end())));
}

/** Those that run, by the host's URI. */
const shellsOf = new Map<string, Set<Interpreter>>();

/** One that is connected and free, which its daemon may have left since it answered last; else a new one. */
async function shellOf(host: LabHost): Promise<Interpreter> {
  const shells = shellsOf.get(host.uri) ?? new Set();
  shellsOf.set(host.uri, shells);
  for (const shell of [...shells]) {
    if (!shell.isFree) continue;
    shell.isFree = false;
    const isConnected = await answer(shell, 'uri').then(
      ({ stderr }) => stderr === '',
      () => false, // it ended
    );
    if (isConnected) return shell;
    await shell.end();
  }
  const made = new Interpreter('virsh', ['--quiet', '--connect', host.uri], () => shells.delete(made));
  shells.add(made);
  return made;
}

const PROMPT = 'virsh # ';
let asked = 0;

/** What a command printed. Rejects with `failed` when virsh ends before it has answered. */
async function answer(shell: Interpreter, line: string): Promise<Printed> {
  asked += 1;
  const mark = `answered-${asked}`;
  const [before, after] = [`${PROMPT}echo ${mark}\n`, `${PROMPT}echo --err ${mark}\n${PROMPT}`];
  const failed = `error: ${mark}\n`;
  const { stdout, stderr } = await shell.ask(
    `${line}\necho ${mark}\necho --err ${mark}\n`,
    (printed) => printed.stdout.endsWith(after) && printed.stderr.endsWith(failed),
  );
  const [echoed = ''] = stdout.split(before);
  return { stdout: echoed.slice(echoed.indexOf('\n') + 1), stderr: stderr.slice(0, -failed.length) };
}
