import { type Connection, formatUuid } from '../../libvirt/index.ts';
import { child, parseXml, text } from '../xml/xml.ts';

/**
 * The same for every way to one daemon, whatever URI leads there. The machine's UUID alone would not do: its
 * users may each have a daemon, told apart here by their guests.
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
