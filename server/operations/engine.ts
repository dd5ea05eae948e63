import { randomUUID } from 'node:crypto';
import type { GuestRef } from '../../model/fleet/disk.ts';
import { type Guest, isActive } from '../../model/fleet/guest.ts';
import { hostsOf } from '../../model/kinds/claims.ts';
import { isConfirmed } from '../../model/kinds/confirmation.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import { isOver, type Operation, type Progress } from '../../model/operation/operation.ts';
import { ProblemError, problem } from '../../model/problem.ts';
import type { JobEnd } from '../ports/job-end.ts';
import type { StartRequest } from '../ports/start-request.ts';
import { collisionOf } from './collision.ts';
import type { Planner } from './planner.ts';
import { Run, type RunParts } from './run.ts';
import { Turns } from './turns.ts';

export interface EngineParts extends RunParts {
  readonly planner: Planner;
  /** Operations with work for QEMU at a time on one host; the rest queue. */
  readonly jobsPerHost: number;
  /** An operation met an error that nobody foresaw. */
  broke(operation: Operation, error: unknown): void;
}

/**
 * Starts operations, and takes up those that an earlier process left. A disk has at most one; of those with work for QEMU, one at a
 * time runs for a guest, and a few for a host.
 */
export class Engine {
  readonly #parts: EngineParts;
  readonly #runs = new Map<string, Run>();
  readonly #driving = new Map<string, Promise<void>>();
  /** Plans that are about to become operations. */
  readonly #starting = new Set<Plan>();
  readonly #turns: Turns;
  readonly #progress = new Map<string, Progress>();
  #stopped = false;

  constructor(parts: EngineParts) {
    this.#turns = new Turns(parts.jobsPerHost);
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

  /** Stops driving all operations. QEMU's jobs continue, and the next process takes them up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const run of this.#runs.values()) run.stop();
    await Promise.all(this.#driving.values());
  }

  /**
   * Plans anew and starts, or queues, the operation. Throws a `ProblemError`: `CHAIN_CHANGED` where things are not as
   * the operator saw them, `OPERATION_ON_DISK`, `LEFTOVER_BUSY`, `NOT_CONFIRMED`, or the plan's refusal.
   */
  async start(request: StartRequest): Promise<Operation> {
    const { fingerprint, confirmed = '', bandwidth, onFull = 'pause', actor } = request;
    const plan = await this.#planned(request).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.code === 'BASE_NOT_IN_CHAIN') throw chainChanged();
      throw error;
    });
    this.#refuseCollision(plan);
    const [refusal] = plan.refusals;
    const refused = refusal && new ProblemError('refused', refusal);
    // Where the chain is another one by now, the refusals of the old plan say nothing.
    if (plan.fingerprint !== fingerprint)
      throw plan.guest === null ? (refused ?? leftoversChanged()) : chainChanged();
    if (refused !== undefined) throw refused;
    if (!isConfirmed(plan, confirmed)) {
      throw new ProblemError('refused', problem('NOT_CONFIRMED', { guest: plan.guestName ?? '' }));
    }
    const operation: Operation = {
      id: randomUUID(),
      hostName: this.#parts.hosts.host(plan.hostId)?.name ?? plan.hostId,
      plan,
      actor,
      state: 'queued',
      steps: plan.steps.map(() => ({ state: 'waiting' })),
      bandwidth,
      onFull,
      problem: null,
      grownBy: null,
      createdAt: this.#parts.clock(),
      startedAt: null,
      endedAt: null,
    };
    const run = new Run(operation, this.#parts);
    this.#starting.add(plan);
    const itsTurn = this.#turns.take(operation, this.#queue());
    try {
      await run.write({ kind: 'created', operation }, ...(itsTurn ? [{ kind: 'started' } as const] : []));
      this.#runs.set(operation.id, run);
    } catch (error) {
      this.#turns.release(operation.id);
      throw error;
    } finally {
      this.#starting.delete(plan);
    }
    this.#startQueued();
    return run.operation;
  }

  #planned(request: StartRequest): Promise<Plan> {
    const { planner } = this.#parts;
    return 'guest' in request
      ? planner.preview(request.guest, request.intent)
      : planner.previewOnHost(request.hostId, request.intent);
  }

  /** Throws a `ProblemError` for an operation that is over or unknown. */
  async cancel(id: string, actor: string): Promise<void> {
    await this.#run(id).cancel(actor);
    this.#startQueued();
  }

  /** Throws a `ProblemError` for an operation that is over or unknown, or is not paused for space. */
  async resumePaused(id: string, actor: string): Promise<void> {
    await this.#run(id).resume(actor);
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
  jobEnded(end: JobEnd): void {
    for (const run of this.#runsAbout(end)) run.jobEnded(end);
  }

  /** A host was lost or came back, or a guest is gone from it. */
  hostChanged(hostId: string): void {
    for (const run of this.#runs.values()) if (hostsOf(run.operation.plan).has(hostId)) run.wake();
  }

  /** Only a guest that stopped matters: what a job does to its guest is reported as the job's end. */
  guestChanged(guest: Guest): void {
    if (!isActive(guest)) for (const run of this.#runsAbout(guest)) run.wake();
  }

  #startQueued(): void {
    const ahead: Plan[] = [];
    for (const [id, run] of this.#runs) {
      if (this.#stopped || this.#driving.has(id)) continue;
      const { operation } = run;
      // An operation that is cancelled before it began only has to be written down as such.
      const isCancelled = operation.startedAt === null && operation.state === 'cancelling';
      if (isCancelled || this.#turns.take(operation, ahead)) this.#driving.set(id, this.#drive(run));
      else ahead.push(operation.plan);
    }
  }

  /** The plans that wait for their turn, before any that is added now. */
  #queue(): readonly Plan[] {
    return [...this.#runs.values()]
      .map(({ operation }) => operation)
      .filter(
        (operation) =>
          operation.startedAt === null && operation.state !== 'cancelling' && this.#turns.waits(operation),
      )
      .map(({ plan }) => plan);
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
    this.#turns.release(id);
    this.#startQueued();
  }

  /** Throws `OPERATION_ON_DISK` or `LEFTOVER_BUSY`. */
  #refuseCollision(plan: Plan): void {
    const others = [...this.#runs.values()].map(({ operation }) => operation.plan);
    const collision = collisionOf(plan, [...this.#starting, ...others]);
    if (collision !== null) throw new ProblemError('conflict', collision);
  }

  #runsAbout({ hostId, uuid }: GuestRef): Run[] {
    return [...this.#runs.values()].filter(
      ({ operation: { plan } }) => plan.guest?.uuid === uuid && hostsOf(plan).has(hostId),
    );
  }

  #run(id: string): Run {
    const run = this.#runs.get(id);
    if (run === undefined) throw new ProblemError('conflict', problem('OPERATION_OVER', { id }));
    return run;
  }
}

function leftoversChanged(): ProblemError {
  return new ProblemError('conflict', problem('LEFTOVERS_CHANGED'));
}

function chainChanged(): ProblemError {
  return new ProblemError('conflict', problem('CHAIN_CHANGED'));
}
