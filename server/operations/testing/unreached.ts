import type { Ports } from '../../ports/ports.ts';
import type { HostPorts } from './fake-host.ts';

/** The ports that a pull of a running guest does not use: any call fails. */
export const UNREACHED: Omit<Ports, keyof HostPorts | 'hosts'> = {
  history: { succeeded: async () => [], operation: unreached },
  snapshots: {
    take: unreached,
    thaw: unreached,
    forget: unreached,
    revert: unreached,
    remove: unreached,
    circumstances: unreached,
  },
  pausedStarts: { start: unreached, startState: unreached, isBound: unreached, destroy: unreached },
  destinations: { inspect: unreached },
  jobs: {
    startCommit: unreached,
    startActiveCommit: unreached,
    startCopy: unreached,
    pivot: unreached,
    end: unreached,
    removeCopy: unreached,
  },
  guests: { resume: unreached, stop: unreached },
  dependents: { of: unreached },
  leftovers: { find: unreached, stateOf: unreached, remove: unreached },
  definitions: {
    read: unreached,
    mirrorOf: unreached,
    follow: unreached,
    recordsChain: unreached,
    unrecordChain: unreached,
  },
  headers: {
    isLocal: unreached,
    backing: unreached,
    inspect: unreached,
    lead: unreached,
    rewrite: unreached,
    check: unreached,
    repairLeaks: unreached,
  },
  migration: {
    migrations: {
      route: unreached,
      cpuProblem: unreached,
      begin: unreached,
      abort: unreached,
      progress: unreached,
      guestLocation: unreached,
      isFailedCopy: unreached,
      forgetDefinition: unreached,
    },
    overlays: { make: unreached, stateOf: unreached, remove: unreached },
    images: { compare: unreached },
    pools: unreached,
  },
};

function unreached(): never {
  throw new Error('This port was not to be called');
}
