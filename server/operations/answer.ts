import { ProblemError } from '../../model/problem.ts';
import type { Hosts } from '../ports/hosts.ts';

/** A question failed for a reason of the moment: QEMU may end in the middle of it, and the next answer then says so. */
export class NoAnswer extends Error {}

/** What a host answers. Throws `NoAnswer` with the cause, but what is no matter of the moment as it is: a problem, or the loss of the host. */
export async function answerOf<T>(hosts: Hosts, answer: Promise<T> | T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProblemError || hosts.isLost(error)) throw error;
    throw new NoAnswer('The host did not answer a question', { cause: error });
  }
}
