import type { Capabilities } from '../fleet/capabilities.ts';
import type { Chain } from '../fleet/chain.ts';
import { tooDeep } from '../fleet/depth.ts';
import { type Image, imagePath } from '../fleet/image.ts';
import { type Problem, problem } from '../problem.ts';
import { qemuImgCommand } from './command.ts';

/**
 * Why a disk may not have this chain, not even in between.
 * @param instead another way to the same end, if there is one
 */
export function depthRefusals(
  target: string,
  chain: Chain,
  capabilities: Capabilities,
  instead: 'copy' | 'plain' | 'none' = 'none',
): readonly Problem[] {
  const depth = tooDeep(chain, capabilities);
  return depth === null ? [] : [problem('CHAIN_TOO_DEEP', { target, ...depth, instead })];
}

/** Why a guest that is shut off can't be started on this chain. libvirt itself can't shorten it then. */
export function startRefusals(target: string, chain: Chain, capabilities: Capabilities): readonly Problem[] {
  const depth = tooDeep(chain, capabilities);
  if (depth === null) return [];
  return [problem('CHAIN_TOO_DEEP_TO_START', { target, ...depth, command: rebaseCommand(chain) })];
}

/** Merges everything above the base into the active image of a guest that is shut off. */
export function rebaseCommand({ images }: Chain): string {
  const [top, base] = [images[0], images.at(-1)];
  const formats = [...formatArguments('-f', top), ...formatArguments('-F', base)];
  return qemuImgCommand('rebase', ...formats, '-b', pathOf(base), pathOf(top));
}

function formatArguments(option: string, image: Image | undefined): readonly string[] {
  return image === undefined || image.format === null ? [] : [option, image.format];
}

function pathOf(image: Image | undefined): string {
  return (image && (imagePath(image) ?? image.key)) ?? '';
}
