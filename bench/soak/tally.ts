import type { Operation } from '../../model/operation/operation.ts';

/** What came of the operations and what was done to them, counted. */
export class Tally {
  readonly #ends = new Map<string, Map<string, number>>();
  readonly #failures = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  readonly wrong: string[] = [];
  checks = 0;

  ended(operation: Operation): void {
    const { kind } = operation.plan.intent;
    const states = this.#ends.get(kind) ?? new Map<string, number>();
    this.#ends.set(kind, states);
    add(states, operation.state);
    if (operation.problem) add(this.#failures, operation.problem.code);
  }

  refused(code: string): void {
    add(this.#refusals, code);
  }

  did(fault: string): void {
    add(this.#faults, fault);
  }

  get operations(): number {
    return sum([...this.#ends.values()].flatMap((states) => [...states.values()]));
  }

  /** As a table and lists in Markdown. */
  markdown(): string {
    const states = ['succeeded', 'failed', 'cancelled'];
    const rows = [...this.#ends]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([kind, counts]) => `| ${kind} | ${states.map((state) => counts.get(state) ?? 0).join(' | ')} |`);
    return [
      '| operation | succeeded | failed | cancelled |',
      '|---|---:|---:|---:|',
      ...rows,
      '',
      `Done to them: ${list(this.#faults)}.`,
      '',
      `Why operations failed: ${list(this.#failures)}.`,
      '',
      `Refused before anything was done: ${list(this.#refusals)}.`,
      '',
      `Contents compared: ${this.checks}. Wrong: ${this.wrong.length === 0 ? 'none' : this.wrong.join('; ')}.`,
    ].join('\n');
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function list(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.length === 0 ? 'nothing' : sorted.map(([key, count]) => `${key} ${count}`).join(', ');
}
