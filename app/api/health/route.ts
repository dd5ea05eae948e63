import { runtime } from '../../../server/running.ts';

export const dynamic = 'force-dynamic';

/** For a supervisor or load balancer, without a session: that it runs, and how many of its hosts answer. */
export async function GET(): Promise<Response> {
  const { fleet } = await (await runtime()).context(new Headers());
  const hosts = fleet.hosts();
  const connected = hosts.filter((host) => host.state === 'connected').length;
  return Response.json(
    { ok: true, hosts: { connected, known: hosts.length } },
    { headers: { 'Cache-Control': 'no-store' } },
  );
}
