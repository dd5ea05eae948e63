/** The small guests of the catalogue, which together have all sorts of disks. Tests only read them. */
export const SMALL_GUESTS: readonly string[] = [
  'batch-1',
  'report-1',
  'wiki',
  'legacy-1',
  'thin-1',
  'files-1',
  'build-1',
  'test-1',
  'lost-1',
  'vault-1',
  'edge-1',
  'edge-2',
];
