/** What may differ by the version of libvirt and QEMU, by subject: parts of paths in test/integration. */
export const SUBJECTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['each kind of operation', ['smoke']],
  ['snapshots, branches and reverts', ['snapshot/']],
  ['flattening', ['flatten/flatten']],
  ['predictions', ['flatten/accuracy']],
  ['undoing a flatten', ['flatten/undo']],
  ['merging down, and commits that QEMU is denied', ['commit/merge-down', 'commit/denied']],
  ['moves', ['move/']],
  ['migrations and their refusals', ['migrate/migrate.lab', 'migrate/migrate-refusals']],
  ['checkpoints and incremental backups', ['checkpoints/']],
  ['shared images and leftovers', ['orphans/']],
  ['what the doctor finds', ['doctor/doctor']],
  ['different hosts in one fleet, and upgrades', ['hosts/']],
  [
    'kills and other faults',
    [
      'crash/crash-flatten',
      'crash/crash-others',
      'crash/crash-delete-snapshot',
      'crash/crash-undo',
      'crash/faults',
    ],
  ],
]);

/** The guide's rows, A1-A4 and P1-P3, branches, a revert and a deletion. */
export const BROWSER = {
  subject: 'the guide’s rows, branches, a revert and a deletion in the browser',
  files: '/((a[1-4]|p[1-3])-|(branches|revert|delete-snapshot)[.])',
};

/** Paths, or parts of them, of all lab tests above. */
export const LAB = [...SUBJECTS.values()].flat().map((part) => `test/integration/${part}`);

/** What is read of Vitest's report. */
interface LabReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** What is read of Playwright's. */
interface BrowserReport {
  readonly stats: { readonly expected: number };
}

/** How many tests of each subject passed. @param lab Vitest's report @param browser Playwright's, both as JSON */
export function provedBy(lab: string, browser: string): ReadonlyMap<string, number> {
  const { testResults }: LabReport = JSON.parse(lab);
  const { stats }: BrowserReport = JSON.parse(browser);
  const passedIn = (parts: readonly string[]) =>
    testResults
      .filter(({ name }) => parts.some((part) => name.includes(`/test/integration/${part}`)))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed').length;
  return new Map([
    [BROWSER.subject, stats.expected],
    ...[...SUBJECTS].map(([subject, parts]): [string, number] => [subject, passedIn(parts)]),
  ]);
}
