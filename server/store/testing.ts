import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../model/operation/operation.ts';
import { planFlatten } from '../../model/plans/flatten.ts';
import { chainOf, diskWith, FACTS, flattenTo, operationOf, REF } from '../../model/testing.ts';

/** A directory that `using` removes. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'backchain-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** An operation of one pull, just created. */
export function operationCalled(id: string, changes: Partial<Operation> = {}): Operation {
  const plan = planFlatten(REF, diskWith(chainOf('/active', '/base')), flattenTo(null), FACTS);
  return operationOf(plan, { id, ...changes });
}
