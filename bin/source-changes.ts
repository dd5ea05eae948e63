import { watch } from 'node:fs';
import { join } from 'node:path';

/** How long files must stay unchanged until a save counts as complete, milliseconds: some editors write in pieces. */
const SETTLED_MS = 100;
const SOURCE = /(?<!\.test)\.tsx?$/;

/** Reports saved source files below some folders. Tests don't count: no server runs them. */
export class SourceChanges implements Disposable {
  readonly #watchers;
  readonly #changed = new Set<string>();
  readonly #waiting: ((files: readonly string[]) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(folders: readonly string[]) {
    this.#watchers = folders.map((folder) =>
      watch(folder, { recursive: true }, (_, name) => {
        if (name !== null && SOURCE.test(name)) this.#note(join(folder, name));
      }),
    );
  }

  /** Resolves to the files that are saved next, once none of them has changed for a moment. */
  next(): Promise<readonly string[]> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #note(file: string): void {
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const files = [...this.#changed];
      this.#changed.clear();
      for (const resolve of this.#waiting.splice(0)) resolve(files);
    }, SETTLED_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }
}
