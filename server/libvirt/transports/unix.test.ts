import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UnixTarget } from '../uri.ts';
import { openUnix, socketPaths } from './unix.ts';

const target: UnixTarget = { transport: 'unix', name: 'qemu:///session', scope: 'session', socket: null };

describe('where sockets are', () => {
  it('the machine’s', () => {
    expect(socketPaths('system', false, { XDG_RUNTIME_DIR: '/run/user/1' })).toEqual([
      '/run/libvirt/virtqemud-sock',
      '/run/libvirt/libvirt-sock',
      '/var/run/libvirt/virtqemud-sock',
      '/var/run/libvirt/libvirt-sock',
    ]);
  });

  it('the user’s own', () => {
    const [run] = socketPaths('session', false, { XDG_RUNTIME_DIR: '/run/user/1' });
    expect(run).toBe('/run/user/1/libvirt/virtqemud-sock');
    const [cache] = socketPaths('session', false, { XDG_CACHE_HOME: '/c' });
    expect(cache).toBe('/c/libvirt/virtqemud-sock');
    const [, home] = socketPaths('session', false, {});
    expect(home).toBe(join(homedir(), '.cache/libvirt/libvirt-sock'));
  });
});

it('root’s session is the machine’s daemon', () => {
  const env = { XDG_RUNTIME_DIR: '/run/user/0' };
  expect(socketPaths('session', true, env)).toEqual(socketPaths('system', true, env));
});

describe('connecting', () => {
  let folder: string;
  let server: Server;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unix-'));
    server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(join(folder, 'sock'), resolve));
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('gives a stream', async () => {
    const stream = await openUnix({ ...target, socket: join(folder, 'sock') });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('hello');
  });

  it('says that there is no socket', async () => {
    await expect(openUnix({ ...target, socket: join(folder, 'none') })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/is the daemon running/),
    });
  });

  it('says that nobody listens', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openUnix({ ...target, socket: join(folder, 'file') })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringMatching(/start the daemon/),
    });
  });

  it('says which paths it tried', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', folder);
    vi.spyOn(process, 'geteuid').mockReturnValue(1000);
    await expect(openUnix(target)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      message: expect.stringContaining(join(folder, 'libvirt/virtqemud-sock')),
    });
  });

  it('stays open after the time limit of the attempt', async () => {
    const attempt = new AbortController();
    const stream = await openUnix({ ...target, socket: join(folder, 'sock') }, attempt.signal);
    attempt.abort();
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('hello');
  });

  it('can be aborted', async () => {
    const given = openUnix({ ...target, socket: join(folder, 'sock') }, AbortSignal.abort());
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
