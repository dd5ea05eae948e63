import type { Step } from '../../model/kinds/kinds.ts';
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

/** What drives a step of the plan. */
export function driverOf(ports: Ports, plan: Plan, step: Step): StepDriver {
  switch (step.kind) {
    case 'pull':
      return pull(ports, plan, step);
    case 'shut-off-pull':
      return shutOffPull(ports, plan, step);
    case 'snapshot':
      return snapshot(ports, plan, step);
    case 'forget':
      return forget(ports, plan, step);
    case 'overlay':
      return overlay(ports, plan, step);
    case 'migrate':
      return migrate(ports, plan, step);
    case 'commit':
      return commit(ports, plan, step);
    case 'active-commit':
      return activeCommit(ports, plan, step);
    case 'copy':
      return copy(ports, plan, step);
    case 'end-job':
      return endJob(ports, plan, step);
    case 'redefine':
      return redefine(ports, plan, step);
    case 'rewrite-header':
      return rewriteHeader(ports, plan, step);
    case 'delete':
      return deleteFile(ports, plan, step);
    case 'resume':
      return resume(ports, plan, step);
    case 'repair-leaks':
      return repairLeaks(ports, plan, step);
  }
}
