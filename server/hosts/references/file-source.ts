import type { ImageSource } from '../../../model/fleet/image.ts';

/** Whether an image has a path in a file system, as soon as it is known. */
export function isFileSource(
  source: ImageSource,
): source is Extract<ImageSource, { kind: 'file' | 'volume' }> {
  return source.kind === 'file' || source.kind === 'volume';
}
