/** The last part of a path. */
export function fileName(path: string): string {
  return path.split('/').at(-1) || path;
}

/** A file's name, and below it the folder that it is in. */
export function FilePath({ path }: { path: string }) {
  const name = fileName(path);
  return (
    <span className="min-w-0 wrap-anywhere">
      <span className="font-medium">{name}</span>
      <span className="block text-2xs text-muted">{path.slice(0, path.length - name.length)}</span>
    </span>
  );
}
