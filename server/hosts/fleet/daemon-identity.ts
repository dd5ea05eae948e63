import { type Connection, formatUuid } from '../../libvirt/index.ts';
import { child, parseXml, text } from '../xml/xml.ts';

/**
 * The same text for every URI that leads to one daemon. The machine's UUID is not enough, since each of its users may have a
 * daemon; their guests' UUIDs distinguish them.
 */
export async function daemonIdentity(connection: Connection): Promise<string> {
  const [capabilities, uri, guests] = await Promise.all([
    connection.call('CONNECT_GET_CAPABILITIES', {}),
    connection.call('CONNECT_GET_URI', {}),
    connection.call('CONNECT_LIST_ALL_DOMAINS', { needResults: true, flags: 0 }),
  ]);
  const machine = text(child(child(parseXml(capabilities), 'host'), 'uuid'));
  return JSON.stringify([machine, uri, guests.map(({ uuid }) => formatUuid(uuid)).sort()]);
}
