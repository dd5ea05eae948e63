/** A file or folder of a cpio archive. */
export interface CpioEntry {
  /** Without a leading slash; its folder comes before it. */
  readonly path: string;
  /** A folder's are not given. */
  readonly bytes?: Uint8Array;
}

const FOLDER = 0o040755;
const PROGRAM = 0o100755;
const END = 'TRAILER!!!';

/** An archive in the format `newc`, which Linux unpacks at its start. All files are programs of root's. */
export function cpio(entries: readonly CpioEntry[]): Buffer {
  const all = [...entries.map(({ path, bytes }, i) => member(i + 1, path, bytes)), member(0, END, undefined)];
  return Buffer.concat(all);
}

function member(inode: number, path: string, bytes: Uint8Array | undefined): Buffer {
  const name = Buffer.from(`${path}\0`);
  const mode = bytes === undefined ? FOLDER : PROGRAM;
  const content = bytes ?? new Uint8Array();
  // inode, mode, uid, gid, links, mtime, size, four numbers of devices, length of the name, checksum
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([head, name])), padded(content)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
