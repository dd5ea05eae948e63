import type { BlockJob } from '../../model/fleet/block-job.ts';

/** The kind of a job, as a message selects by it. Both commits are called a commit, and ICU allows no hyphen there. */
export function jobText(kind: BlockJob['kind']): string {
  return kind === 'active-commit' ? 'commit' : kind;
}
