import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTEN = '0A';

/** Addresses with ports, such as `127.0.0.1:3000`, on which a process listens for TCP; one of IPv6 as the kernel writes it. */
export async function listeningSockets(pid: number): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  // What it closes meanwhile is no listening socket any more.
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTEN && links.includes(`socket:[${inode}]`))
    .map(([, local = '']) => addressOf(local));
}

/** The kernel writes an address as hexadecimal words in the machine's byte order, here the last byte first. */
function addressOf(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const bytes = address.length === 8 ? [...Buffer.from(address, 'hex')].reverse().join('.') : `[${address}]`;
  return `${bytes}:${Number.parseInt(port, 16)}`;
}
