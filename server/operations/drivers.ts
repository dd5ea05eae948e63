import type { Plan } from '../../model/plan.ts';
import type { Step } from '../../model/step.ts';
import type { Ports } from './ports.ts';
import type { StepDriver } from './step-driver.ts';
import { pull } from './steps/pull.ts';

/** What drives a step of the plan. */
export function driverOf(ports: Ports, plan: Plan, step: Step): StepDriver {
  switch (step.kind) {
    case 'pull':
      return pull(ports, plan, step);
    default:
      throw new Error(`Nobody drives a ${step.kind}`);
  }
}
