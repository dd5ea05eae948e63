import type { Operations } from '../api/context.ts';
import type { Engine } from '../operations/engine.ts';
import type { StoredJournal } from '../store/journal.ts';

export interface OperationsParts {
  readonly engine: Pick<Engine, 'start' | 'cancel' | 'setSpeed' | 'resumePaused'>;
  readonly journal: Pick<StoredJournal, 'list' | 'facets' | 'operation' | 'entries'>;
}

/** Operations as the API knows them: the engine has those that run, the journal has all. */
export function operationsService({ engine, journal }: OperationsParts): Operations {
  return {
    start: (request) => engine.start(request),
    cancel: (id, actor) => engine.cancel(id, actor),
    setSpeed: (id, bandwidth, actor) => engine.setSpeed(id, bandwidth, actor),
    resume: (id, actor) => engine.resumePaused(id, actor),
    list: (filter) => journal.list(filter),
    facets: () => journal.facets(),
    async get(id) {
      const operation = await journal.operation(id);
      return operation && { operation, entries: await journal.entries(id) };
    },
  };
}
