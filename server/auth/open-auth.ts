import { writeFile } from 'node:fs/promises';
import type { StateDirectory } from '../store/state-directory.ts';
import type { Store } from '../store/store.ts';
import { type Auth, createAuth } from './auth.ts';
import { stampClientAddresses } from './client-address.ts';
import { originsOf } from './origins.ts';
import { readOrMakeSecret } from './secret.ts';

/**
 * The sign-in of the running dashboard, configured by the environment: `PORT`, `BACKCHAIN_ORIGIN`, and
 * `BACKCHAIN_TRUSTED_PROXIES` (addresses or networks, comma-separated). Writes its address to the state directory
 * for `sign-in-link.ts`.
 */
export async function openAuth(
  store: Store,
  state: StateDirectory,
  env: NodeJS.ProcessEnv,
): Promise<OpenAuth> {
  const origins = originsOf(env);
  const trustedProxies = listed(env.BACKCHAIN_TRUSTED_PROXIES);
  const secret = await readOrMakeSecret(state.secret);
  const auth = createAuth({ db: store.db, origins, secret, trustedProxies });
  await writeFile(state.address, `${origins.base}\n`, { mode: 0o600 });
  const stamping = stampClientAddresses({ behindProxies: trustedProxies.length > 0 });
  return { ...auth, close: () => stamping[Symbol.dispose]() };
}

export interface OpenAuth extends Auth {
  close(): void;
}

function listed(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
