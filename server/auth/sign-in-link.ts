import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { reasonOf } from '../../model/reason.ts';
import { stateDirectory } from '../store/state-directory.ts';
import { openStore } from '../store/store.ts';
import { createAuth } from './auth.ts';
import { readOrMakeSecret } from './secret.ts';

// npm run sign-in-link -- [NAME]: prints a new one-time link. It needs to read the state directory.
const state = stateDirectory();
if (!existsSync(state.database) || !existsSync(state.address)) {
  console.error(
    `No dashboard has been started with the state directory ${state.path} yet. ` +
      'Start it once, or name its directory in BACKCHAIN_STATE.',
  );
  process.exit(1);
}
const store = await openStore(state.database);
try {
  const base = (await readFile(state.address, 'utf8')).trim();
  const secret = await readOrMakeSecret(state.secret);
  const auth = createAuth({ db: store.db, origins: { base, all: [base] }, secret });
  console.log(await auth.issueLink(process.argv[2]));
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
} finally {
  await store.close();
}
