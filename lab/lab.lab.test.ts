import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killDaemon } from './faults.ts';
import { mountsBelow } from './file-systems.ts';
import { hostFolders } from './folder.ts';
import { down, hostOf, type Lab, read, up } from './lab.ts';
import { alive, kill, processesOf } from './process.ts';
import { status } from './status.ts';

const dir = join(tmpdir(), `lab-test-${process.pid}`);

afterEach(async () => {
  await rm(join(dir, 'mine'), { force: true });
  await down({ dir });
});

async function upWithWords(): Promise<{ lab: Lab; words: string }> {
  const lines: string[] = [];
  const lab = await up({ dir, only: ['batch-1', 'edge-1', 'vault-1'], say: (line) => lines.push(line) });
  return { lab, words: lines.join('\n') };
}

/** Command lines of all processes on this machine that name the folder: found without the lab's own means. */
async function commandsThatName(path: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(path));
}

async function expectNothingLeft(): Promise<void> {
  expect(await commandsThatName(dir)).toEqual([]);
  expect(await processesOf(dir)).toEqual([]);
  expect(await mountsBelow(dir)).toEqual([]);
  expect(existsSync(dir)).toBe(false);
}

test('a lab comes up whole, and nothing of it is left when it is down', async () => {
  const { lab, words } = await upWithWords();
  expect(words).not.toContain('earlier lab');
  expect(await read(dir)).toEqual(lab);
  expect((await commandsThatName(dir)).length).toBeGreaterThan(2);
  const { whole, hosts, guests } = await status(dir);
  expect(whole).toBe(true);
  expect(hosts.map(({ name, answers }) => [name, answers])).toEqual([
    ['alpha', true],
    ['beta', true],
  ]);
  expect(guests.map(({ name, now }) => [name, now]).toSorted()).toEqual([
    ['batch-1', 'paused'],
    ['edge-1', 'running'],
    ['vault-1', 'shut off'],
  ]);
  expect(await down({ dir })).toBe(true);
  await expectNothingLeft();
  expect(await down({ dir })).toBe(false);
});

test('what an earlier lab left without its description is found, reported and cleared', async () => {
  const first = await upWithWords();
  await rm(join(dir, 'lab.json'));
  await rm(join(dir, 'alpha'), { recursive: true });
  const before = await processesOf(dir);
  expect(before.length).toBeGreaterThan(2);
  const { lab, words } = await upWithWords();
  expect(words).toMatch(/Ended \d+ processes of the lab/);
  expect(words).toContain('earlier lab');
  expect(lab.guests).toEqual(first.lab.guests);
  expect(await Promise.all(before.map(alive))).not.toContain(true);
  expect((await status(dir)).whole).toBe(true);
});

test('mounts and files of a lab whose processes are gone are cleared', async () => {
  await upWithWords();
  await kill(await processesOf(dir));
  expect((await status(dir)).whole).toBe(false);
  const { words } = await upWithWords();
  expect(words).not.toMatch(/Ended \d+ processes/);
  expect(words).toContain(`Removed ${dir}.`);
  expect((await status(dir)).whole).toBe(true);
  await down({ dir });
  await expectNothingLeft();
});

test('a silent daemon makes the lab not whole', async () => {
  const { lab } = await upWithWords();
  await killDaemon(lab, hostOf(lab, 'beta'));
  const { whole, hosts, guests } = await status(dir);
  expect(whole).toBe(false);
  expect(hosts.map(({ answers }) => answers)).toEqual([true, false]);
  expect(guests.find(({ name }) => name === 'edge-1')?.now).toBeNull();
});

test("a folder with somebody else's files is neither used nor emptied", async () => {
  await mkdir(dir);
  await writeFile(join(dir, 'mine'), 'keep me');
  await expect(up({ dir })).rejects.toMatchObject({ code: 'not-a-lab' });
  await expect(down({ dir })).rejects.toMatchObject({ code: 'not-a-lab' });
  expect(await readFile(join(dir, 'mine'), 'utf8')).toBe('keep me');
  await rm(dir, { recursive: true });
});

test('regression: what a starting daemon made in a removed lab kept the next from coming up', async () => {
  const { run } = hostFolders(dir, 'alpha');
  await mkdir(join(run, 'libvirt/common'), { recursive: true });
  await writeFile(join(run, 'libvirt/common/system.token'), '');
  expect(await down({ dir })).toBe(true);
  await expectNothingLeft();
  // A folder of the same name with anything else in it is somebody else's.
  const { images } = hostFolders(dir, 'alpha');
  await mkdir(images, { recursive: true });
  await expect(down({ dir })).rejects.toMatchObject({ code: 'not-a-lab' });
  await rm(dir, { recursive: true });
});

test('without a lab, its description says how to start one', async () => {
  await expect(status(dir)).rejects.toMatchObject({
    code: 'no-lab',
    message: expect.stringMatching(/npm run lab -- up/),
  });
  await expect(up({ dir, only: ['web-1', 'nobody'] })).rejects.toMatchObject({
    code: 'no-guest',
    message: expect.stringMatching(/nobody/),
  });
  expect(existsSync(dir)).toBe(false);
});
