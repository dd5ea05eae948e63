import { type Connection, isConnectionLost } from '../../libvirt/index.ts';
import { child, children, parseXml, text } from '../xml/xml.ts';

/** What confines nothing beyond the owners and modes of files. */
const PLAIN: ReadonlySet<string> = new Set(['dac', 'none']);

/** Whether a security model confines a guest's QEMU beside the owners and modes of files. */
export function confines(model: string): boolean {
  return !PLAIN.has(model);
}

/** The security models of the host that confine its guests; `null` where it does not tell, such as to a user with few rights. */
export async function securityModelsOf(connection: Connection): Promise<readonly string[] | null> {
  try {
    return securityModelsIn(await connection.call('CONNECT_GET_CAPABILITIES', {}));
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return null;
  }
}

/** The same from a `<capabilities>`. */
export function securityModelsIn(capabilities: string): readonly string[] {
  return children(child(parseXml(capabilities), 'host'), 'secmodel')
    .flatMap((model) => text(child(model, 'model')) ?? [])
    .filter(confines);
}
