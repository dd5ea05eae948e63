import { join, resolve } from 'node:path';

/** Where the dashboard stores what outlives it. Only its owner may read it: the secret signs sessions. */
export interface StateDirectory {
  readonly path: string;
  readonly database: string;
  /** Locked by the running dashboard. */
  readonly lock: string;
  readonly secret: string;
  /** Holds the origin at which the dashboard was last started. */
  readonly address: string;
}

/** `BACKCHAIN_STATE`, else `.state` in the working directory. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): StateDirectory {
  // Ignored by the bundler, which would otherwise include the whole project.
  const path = resolve(/* turbopackIgnore: true */ env.BACKCHAIN_STATE || '.state');
  return {
    path,
    database: join(path, 'backchain.db'),
    lock: join(path, 'lock'),
    secret: join(path, 'secret'),
    address: join(path, 'address'),
  };
}
