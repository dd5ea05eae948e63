import type { Disk } from '../../../model/fleet/disk.ts';
import type { Guest } from '../../../model/fleet/guest.ts';
import type { Plan } from '../../../model/kinds/plan.ts';
import type { Operation } from '../../../model/operation/operation.ts';
import { undoOf } from '../../../model/operation/undo.ts';
import type { PastFlatten } from '../../../model/plans/undo/past-flatten.ts';
import { planUndo, relinkStep, type UndoIntent } from '../../../model/plans/undo/undo.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CommonFacts } from './common-facts.ts';
import { type RelinkPorts, relinkFacts } from './relink-facts.ts';

/** Plans to bring back the chain that a flatten of the disk merged. */
export async function undoPlan(
  ports: RelinkPorts & Pick<Ports, 'definitions' | 'history'>,
  guest: Guest,
  disk: Disk,
  intent: UndoIntent,
  facts: CommonFacts,
): Promise<Plan> {
  const past = pastOf(await ports.history.operation(intent.of), guest, disk);
  const { hostId, uuid } = guest;
  const recorded = await ports.definitions.recordsChain({ hostId, uuid, target: disk.target });
  const step = past && relinkStep(guest, disk, past, recorded);
  return planUndo(guest, disk, intent, {
    ...facts,
    ...(await relinkFacts(ports, guest, disk, step)),
    past,
    recorded,
  });
}

/** The flatten, if it was one of this very disk. */
function pastOf(operation: Operation | null, { hostId, uuid }: Guest, { target }: Disk): PastFlatten | null {
  const undo = operation && undoOf(operation);
  if (operation?.plan.guest?.uuid !== uuid || operation.plan.hostId !== hostId) return null;
  return undo?.kind === 'flatten' && undo.past.target === target ? undo.past : null;
}
