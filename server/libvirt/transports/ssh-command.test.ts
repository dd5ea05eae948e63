import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SshTarget } from '../uri.ts';
import { sshArguments } from './ssh.ts';
import { quote, remoteCommand } from './ssh-command.ts';

const target: SshTarget = {
  transport: 'ssh',
  name: 'qemu:///session',
  scope: 'session',
  host: 'node1',
  port: null,
  user: null,
  socket: null,
  keyfile: null,
  proxy: 'auto',
  netcat: 'nc',
};

describe('the arguments of ssh', () => {
  it('never prompt, and the host can’t be read as an option', () => {
    const args = sshArguments({ ...target, port: 2222, user: 'root', keyfile: '/k' });
    expect(args.slice(0, -1)).toEqual([
      '-T',
      '-e',
      'none',
      '-o',
      'BatchMode=yes',
      '-p',
      '2222',
      '-l',
      'root',
      '-i',
      '/k',
      '--',
      'node1',
    ]);
    expect(args.at(-1)).toBe(remoteCommand({ ...target }));
  });
});

describe('the remote command', () => {
  let folder: string;
  let servers: Server[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ssh-command-'));
    servers = [];
  });

  afterEach(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  async function program(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o755);
    return path;
  }

  async function listen(path: string): Promise<string> {
    const server = createServer().listen(path);
    servers.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    return path;
  }

  /** Runs it as a login shell would, with nothing but this folder and the shell's own words to find programs in. */
  async function run(over: Partial<SshTarget>): Promise<string> {
    const env = { NODE_ENV: 'test' as const, PATH: folder, XDG_RUNTIME_DIR: folder };
    const command = remoteCommand({ ...target, ...over }).replace(/^sh /, '/bin/sh ');
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env });
    return stdout.trimEnd();
  }

  const echo = 'for a in "$@"; do printf "[%s]" "$a"; done; echo';

  it('is virt-ssh-helper where that is installed', async () => {
    await program('virt-ssh-helper', echo);
    await program('nc', 'exit 9');
    expect(await run({})).toBe('[qemu:///session]');
    expect(await run({ proxy: 'native' })).toBe('[qemu:///session]');
  });

  it('is nc on a socket that is named, even with strange characters', async () => {
    await program('virt-ssh-helper', 'exit 9');
    await program('nc', echo);
    const socket = await listen(join(folder, `s'o $(x) "c`));
    expect(await run({ socket })).toBe(`[-U][${socket}]`);
  });

  it('has Debian’s nc end with its input', async () => {
    await program('nc', `case "$1" in -h) echo "  -q secs quit after EOF" >&2;; *) ${echo};; esac`);
    const socket = await listen(join(folder, 'sock'));
    expect(await run({ socket })).toBe(`[-q][0][-U][${socket}]`);
  });

  it('is nc on the usual socket where there is no helper', async () => {
    await program('nc', echo);
    await mkdir(join(folder, 'libvirt'));
    const monolithic = await listen(join(folder, 'libvirt/libvirt-sock'));
    expect(await run({})).toBe(`[-U][${monolithic}]`);
    const modular = await listen(join(folder, 'libvirt/virtqemud-sock'));
    expect(await run({})).toBe(`[-U][${modular}]`);
  });

  it('may be another program than nc', async () => {
    const netcat = await program("my nc'at", echo);
    const socket = await listen(join(folder, 'sock'));
    expect(await run({ socket, netcat })).toBe(`[-U][${socket}]`);
  });

  it('says what is missing', async () => {
    await expect(run({})).rejects.toMatchObject({
      stderr: expect.stringMatching(/neither virt-ssh-helper nor nc/),
    });
    await program('nc', 'exit 9');
    await expect(run({})).rejects.toMatchObject({
      stderr: expect.stringMatching(/no libvirt daemon listens/),
    });
  });
});

it('quote makes one word of anything', async () => {
  const text = `a'b "c" $(d) \\ \n *`;
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', `printf %s ${quote(text)}`]);
  expect(stdout).toBe(text);
});
