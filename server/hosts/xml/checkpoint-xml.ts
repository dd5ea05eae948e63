import type { Checkpoint } from '../../../model/fleet/checkpoint.ts';
import { child, children, parseXml, text } from './xml.ts';

/** Reads a `<domaincheckpoint>`. */
export function readCheckpoint(xml: string): Checkpoint {
  const checkpoint = parseXml(xml);
  const disks = children(child(checkpoint, 'disks'), 'disk');
  return {
    name: text(child(checkpoint, 'name')) ?? '',
    createdAt: Number(text(child(checkpoint, 'creationTime')) ?? 0) * 1000,
    parent: text(child(child(checkpoint, 'parent'), 'name')),
    disks: disks.flatMap(({ attributes: { name, checkpoint: kind } }) =>
      kind === 'bitmap' && name !== undefined ? [name] : [],
    ),
  };
}
