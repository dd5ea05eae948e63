import type { MemoryProgress } from '../../../model/operation/operation.ts';
import type { TypedParameters } from '../../libvirt/index.ts';

/** The progress of a guest's memory, from the parameters of DOMAIN_GET_JOB_STATS. */
export function memoryProgress(parameters: TypedParameters): MemoryProgress {
  const number = (field: string) => (parameters[field] === undefined ? null : Number(parameters[field]));
  const pages = number('memory_dirty_rate');
  // QEMU measures once a second from the second pass on, and reports 0 before.
  const measured = pages !== null && (pages > 0 || (number('memory_iteration') ?? 0) > 2);
  return {
    remaining: number('memory_remaining') ?? 0,
    total: number('memory_total') ?? 0,
    dirtyRate: measured ? pages * (number('memory_page_size') ?? 4096) : null,
    downtime: number('downtime'),
  };
}
