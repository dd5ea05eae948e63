/** Why the lab could not do something: `code` for programs, `message` for people, with what to do about it. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything that was thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether a system call failed with this errno name, such as `ENOENT`. */
export function isErrno(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === name;
}
