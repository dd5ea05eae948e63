import type { Checkpoints } from '../../../model/fleet/checkpoint.ts';
import { inOrder } from '../../../model/fleet/snapshot-record.ts';
import { problem } from '../../../model/problem.ts';
import {
  type DomainRef,
  isConnectionLost,
  isNoCheckpoint,
  isNoDomain,
  reasonOf,
} from '../../libvirt/index.ts';
import { readCheckpoint } from '../xml/checkpoint-xml.ts';
import type { Source } from './source.ts';

/** Reads a guest's checkpoints. Throws only if the guest or the connection is gone: what else fails leaves them unknown. */
export async function loadCheckpoints(
  { connection }: Pick<Source, 'connection'>,
  domain: DomainRef,
): Promise<Checkpoints> {
  try {
    const listed = await connection.call('DOMAIN_LIST_ALL_CHECKPOINTS', {
      domain,
      needResults: true,
      flags: 0,
    });
    const read = await Promise.all(
      listed.map(async (checkpoint) => {
        try {
          const xml = await connection.call('DOMAIN_CHECKPOINT_GET_XML_DESC', { checkpoint, flags: 0 });
          return [readCheckpoint(xml)];
        } catch (error) {
          if (isNoCheckpoint(error)) return [];
          throw error;
        }
      }),
    );
    return { known: inOrder(read.flat()), problem: null };
  } catch (error) {
    if (isConnectionLost(error) || isNoDomain(error)) throw error;
    return { known: null, problem: problem('CHECKPOINTS_UNREADABLE', { reason: reasonOf(error) }) };
  }
}
