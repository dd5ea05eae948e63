import { setTimeout as delay } from 'node:timers/promises';
import { build, type Dashboard, serve } from '../../bin/dashboard.ts';
import { freePort } from '../../bin/port.ts';
import type { Lab } from '../../lab/lab.ts';
import { type Api, apiOf } from '../api.ts';
import { signIn, stateFolder } from '../dashboard.ts';
import type { Bench } from '../row.ts';
import type { Session } from '../session.ts';

/** A dashboard on all hosts of a lab that can be killed, and comes back on the same state and address. */
export class MortalServer {
  readonly #lab: Lab;
  readonly #state: string;
  readonly #port: number;
  #dashboard: Promise<Dashboard>;
  #session: Session | null = null;

  private constructor(lab: Lab, state: string, port: number) {
    this.#lab = lab;
    this.#state = state;
    this.#port = port;
    this.#dashboard = this.#start();
  }

  static async open(bench: Bench, lab: Lab): Promise<MortalServer> {
    await build(bench.say);
    const server = new MortalServer(lab, await stateFolder(bench), await freePort(3500));
    bench.stack.defer(async () => (await server.#dashboard).stop());
    server.#session = await signIn(await server.#dashboard, server.#state);
    return server;
  }

  get api(): Api {
    if (this.#session === null) throw new Error('Nobody is signed in');
    return apiOf(this.#session);
  }

  async killAndRestart(downFor: number): Promise<void> {
    const dashboard = await this.#dashboard;
    await dashboard.kill();
    await delay(downFor);
    this.#dashboard = this.#start();
    await this.#dashboard;
  }

  #start(): Promise<Dashboard> {
    const hosts = this.#lab.hosts.map(({ name, uri }) => `${name}=${uri}`).join(',');
    const env = { BACKCHAIN_HOSTS: hosts, BACKCHAIN_STATE: this.#state, BACKCHAIN_LOG: 'error' };
    return serve({ port: this.#port, env, log: 'inherit' });
  }
}
