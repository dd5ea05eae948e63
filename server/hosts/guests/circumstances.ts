import { type Connection, type DomainRef, formatUuid, ListDomainsFlag } from '../../libvirt/index.ts';
import type { Circumstances } from '../../ports/snapshots.ts';
import { child, children, type Element, parseXml } from '../xml/xml.ts';

/** Throws libvirt's error. */
export async function circumstancesOf(connection: Connection, domain: DomainRef): Promise<Circumstances> {
  const [xml, savedState, persistent] = await Promise.all([
    connection.call('DOMAIN_GET_XML_DESC', { domain, flags: 0 }),
    hasSavedState(connection, domain),
    connection.call('DOMAIN_IS_PERSISTENT', { domain }),
  ]);
  return { agent: agentIn(parseXml(xml)), savedState, persistent };
}

export async function hasSavedState(connection: Connection, { uuid }: DomainRef): Promise<boolean> {
  const flags = ListDomainsFlag.MANAGEDSAVE;
  const saved = await connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags });
  return saved.some((domain) => formatUuid(domain.uuid) === formatUuid(uuid));
}

const AGENT = 'org.qemu.guest_agent.0';

/** The agent's state in a `<domain>`; only a running guest's shows a connected agent. */
export function agentIn(domain: Element): Circumstances['agent'] {
  const targets = children(child(domain, 'devices'), 'channel').map((channel) => child(channel, 'target'));
  const agent = targets.find((target) => target?.attributes.name === AGENT);
  if (agent === undefined) return 'none';
  return agent.attributes.state === 'connected' ? 'connected' : 'disconnected';
}
