import type { Step, StepOf } from '../../model/kinds/kinds.ts';
import type { Plan } from '../../model/kinds/plan.ts';
import type { Ports } from '../ports/ports.ts';
import type { StepDriver } from './step-driver.ts';
import { activeCommit } from './steps/active-commit.ts';
import { commit } from './steps/commit.ts';
import { copy } from './steps/copy.ts';
import { deleteFile } from './steps/delete.ts';
import { endJob } from './steps/end-job.ts';
import { forget } from './steps/forget.ts';
import { migrate } from './steps/migrate.ts';
import { overlay } from './steps/overlay.ts';
import { pull } from './steps/pull.ts';
import { redefine } from './steps/redefine.ts';
import { repairLeaks } from './steps/repair-leaks.ts';
import { resume } from './steps/resume.ts';
import { rewriteHeader } from './steps/rewrite-header.ts';
import { shutOffPull } from './steps/shut-off-pull.ts';
import { snapshot } from './steps/snapshot.ts';

/** Makes what drives one kind of step. A method, so that the driver of a step is found by its kind. */
interface DriverOf<S> {
  make(ports: Ports, plan: Plan, step: S): StepDriver;
}

const DRIVERS: { readonly [Kind in Step['kind']]: DriverOf<StepOf<Kind>>['make'] } = {
  pull,
  'shut-off-pull': shutOffPull,
  commit,
  'active-commit': activeCommit,
  copy,
  snapshot,
  forget,
  overlay,
  migrate,
  delete: deleteFile,
  'end-job': endJob,
  redefine,
  'rewrite-header': rewriteHeader,
  'repair-leaks': repairLeaks,
  resume,
};

/** What drives a step of the plan. */
export function driverOf(ports: Ports, plan: Plan, step: Step): StepDriver {
  const make: DriverOf<Step>['make'] = DRIVERS[step.kind];
  return make(ports, plan, step);
}
