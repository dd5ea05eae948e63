import type { Operation } from './operation.ts';

/** Which operations are listed. */
export interface OperationFilter {
  readonly hostId?: string | undefined;
  /** The UUID of the guest. */
  readonly uuid?: string | undefined;
  readonly state?: Operation['state'] | undefined;
  readonly actor?: string | undefined;
  /** Only operations that ended, or only those that did not. */
  readonly over?: boolean | undefined;
  /** Id of the last operation of the previous page. */
  readonly before?: Pick<Operation, 'id' | 'createdAt'> | undefined;
  readonly limit: number;
}
