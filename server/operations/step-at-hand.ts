import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { LoggedOperation } from './logged-operation.ts';
import type { StepDriver } from './step-driver.ts';

/** The step that an operation is at, with what drives it. */
export interface StepAtHand {
  readonly logged: LoggedOperation;
  /** Of the step in its plan. */
  readonly index: number;
  readonly driver: StepDriver;
  readonly hosts: Hosts;
  readonly clock: Clock;
}
