import { randomUUID } from 'node:crypto';
import { type DiskRef, type Guest, isActive } from '../../model/guest.ts';
import { isOver, type Operation, type Progress } from '../../model/operation.ts';
import type { Intent } from '../../model/plan.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { Planner } from './planner.ts';
import type { JobEnding } from './ports.ts';
import { Run, type RunParts } from './run.ts';

export interface EngineParts extends RunParts {
  readonly planner: Planner;
  /** An operation that could not go on for a reason nobody foresaw. */
  broke(operation: Operation, error: unknown): void;
}

export interface StartRequest {
  readonly disk: DiskRef;
  readonly intent: Intent;
  readonly fingerprint: string;
  readonly bandwidth: number;
  readonly actor: string;
}

/** Block jobs at a time on one host; the rest queue. */
const JOBS_PER_HOST = 2;

/** Starts operations, at most one a disk and a few a host, and takes up those that an earlier process left. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #runs = new Map<string, Run>();
  readonly #driving = new Map<string, Promise<void>>();
  readonly #starting = new Set<string>();
  readonly #progress = new Map<string, Progress>();
  #stopped = false;

  constructor(parts: EngineParts) {
    this.#parts = {
      ...parts,
      progressed: (progress) => {
        this.#progress.set(progress.operationId, progress);
        parts.progressed(progress);
      },
    };
  }

  /** Takes up what the journal says is unfinished. */
  async resume(): Promise<void> {
    for (const operation of await this.#parts.journal.unfinished()) {
      this.#runs.set(operation.id, new Run(operation, this.#parts));
    }
    this.#startQueued();
  }

  /** Lets go of all operations; what QEMU runs goes on, and the next process takes it up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const run of this.#runs.values()) run.stop();
    await Promise.all(this.#driving.values());
  }

  /**
   * Plans anew and starts, or queues, the operation. Throws a `ProblemError`: `CHAIN_CHANGED` where the chain is not the
   * one that the operator saw, `OPERATION_ON_DISK`, or the plan's refusal.
   */
  async start({ disk, intent, fingerprint, bandwidth, actor }: StartRequest): Promise<Operation> {
    const key = diskKey(disk);
    if (this.#starting.has(key) || this.#runOn(disk) !== null) {
      throw new ProblemError('conflict', problem('OPERATION_ON_DISK', { target: disk.target }));
    }
    this.#starting.add(key);
    try {
      const plan = await this.#parts.planner.preview(disk, intent).catch((error: unknown) => {
        if (error instanceof ProblemError && error.problem.code === 'BASE_NOT_IN_CHAIN') throw chainChanged();
        throw error;
      });
      if (plan.fingerprint !== fingerprint) throw chainChanged();
      const [refusal] = plan.refusals;
      if (refusal !== undefined) throw new ProblemError('refused', refusal);
      const operation: Operation = {
        id: randomUUID(),
        disk,
        guestName: plan.guestName,
        hostName: this.#parts.hosts.host(disk.hostId)?.name ?? disk.hostId,
        plan,
        actor,
        state: 'queued',
        steps: plan.steps.map(() => ({ state: 'waiting' })),
        bandwidth,
        problem: null,
        copied: null,
        createdAt: this.#parts.clock(),
        startedAt: null,
        endedAt: null,
      };
      const run = new Run(operation, this.#parts);
      await run.write({ kind: 'created', operation });
      this.#runs.set(operation.id, run);
      this.#startQueued();
      return run.operation;
    } finally {
      this.#starting.delete(key);
    }
  }

  /** Throws a `ProblemError` for an operation that is over or unknown. */
  async cancel(id: string, actor: string): Promise<void> {
    await this.#run(id).cancel(actor);
    this.#startQueued();
  }

  /** Throws a `ProblemError` for an operation that is over or unknown, or where libvirt refuses. */
  async setSpeed(id: string, bandwidth: number, actor: string): Promise<void> {
    await this.#run(id).setSpeed(bandwidth, actor);
  }

  /** The newest sample of every running job. */
  progress(): readonly Progress[] {
    return [...this.#progress.values()];
  }

  /** A disk's block job ended. */
  jobEnded(disk: DiskRef, ending: JobEnding): void {
    this.#runOn(disk)?.wake(ending);
  }

  /** A host was lost or came back, or lost a guest. */
  hostChanged(hostId: string): void {
    for (const run of this.#runs.values()) if (run.operation.disk.hostId === hostId) run.wake();
  }

  /** Only a guest that stopped matters: what a job does to its guest comes as the job's end. */
  guestChanged(guest: Guest): void {
    if (isActive(guest)) return;
    for (const run of this.#runs.values()) {
      const { hostId, uuid } = run.operation.disk;
      if (hostId === guest.hostId && uuid === guest.uuid) run.wake();
    }
  }

  #startQueued(): void {
    for (const [id, run] of this.#runs) {
      if (this.#stopped || this.#driving.has(id)) continue;
      const { startedAt, disk, state } = run.operation;
      // One that is cancelled while it waits only has to be written down as such.
      const hasToWait = startedAt === null && state !== 'cancelling';
      if (hasToWait && this.#jobsOn(disk.hostId) >= JOBS_PER_HOST) continue;
      this.#driving.set(id, this.#drive(run));
    }
  }

  /** Never rejects. */
  async #drive(run: Run): Promise<void> {
    const { id } = run.operation;
    try {
      await run.drive();
    } catch (error) {
      this.#parts.broke(run.operation, error);
      // Where not even that can be written, the next operation that starts or the next process takes it up again.
      await run.breakOff(error).catch((second: unknown) => this.#parts.broke(run.operation, second));
    }
    this.#driving.delete(id);
    this.#progress.delete(id);
    if (!isOver(run.operation)) return;
    this.#runs.delete(id);
    this.#startQueued();
  }

  #jobsOn(hostId: string): number {
    return [...this.#driving.keys()].filter((id) => this.#runs.get(id)?.operation.disk.hostId === hostId)
      .length;
  }

  #runOn(disk: DiskRef): Run | null {
    const key = diskKey(disk);
    return [...this.#runs.values()].find((run) => diskKey(run.operation.disk) === key) ?? null;
  }

  #run(id: string): Run {
    const run = this.#runs.get(id);
    if (run === undefined) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    return run;
  }
}

function diskKey({ hostId, uuid, target }: DiskRef): string {
  return `${hostId}/${uuid}/${target}`;
}

function chainChanged(): ProblemError {
  return new ProblemError('conflict', problem('CHAIN_CHANGED'));
}
