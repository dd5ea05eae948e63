import type { ExaminationCheck } from './check.ts';

/** A persistent definition that names another active image than the running guest has. */
export const definition: ExaminationCheck = ({ target, chain }, { definedOther }) => {
  const [active] = chain?.images ?? [];
  if (definedOther === null || active === undefined) return [];
  const params = { image: definedOther, active: active.key };
  const fix = { kind: 'plan', intent: { kind: 'redefine', target } } as const;
  return [{ code: 'DEFINITION_OTHER', severity: 'bad', image: active.key, params, fix }];
};
