import { type Capabilities, capabilitiesOf, type Versions } from '../model/fleet/capabilities.ts';

/** What is known of a release: a column of the table in docs/compatibility.md. */
export interface Release extends Versions {
  /** As people call it. */
  readonly name: string;
  /** How many tests of each subject passed on it; a subject that is not among them was not tested. */
  readonly proved: ReadonlyMap<string, number>;
}

const BEGIN = '<!-- Written by npm run test:releases, from here -->';
const END = '<!-- to here -->';
const PROVED = '**What is proved**, by so many tests';
const DIFFERS = '**What differs**';
const NOT_TESTED = '–';

const yesOrNo = (value: boolean | null) => (value === null ? 'unknown' : value ? 'yes' : 'no');

/** Every capability in words. */
const IN_WORDS: { readonly [Name in keyof Capabilities]: readonly [string, (all: Capabilities) => string] } =
  {
    revertsExternalSnapshots: [
      'libvirt reverts to external snapshots, so that what they need stays',
      ({ revertsExternalSnapshots }) => yesOrNo(revertsExternalSnapshots),
    ],
    mostLayers: [
      'the most layers of a chain; with bitmaps in the base',
      ({ mostLayers: most }) => (most === null ? 'unknown' : `${most.any}; ${most.withBitmaps}`),
    ],
    upgradeTakesFewerLayers: [
      'an upgrade of libvirt may bring one that takes fewer layers',
      ({ upgradeTakesFewerLayers }) => yesOrNo(upgradeTakesFewerLayers),
    ],
    pullIsDurable: [
      'what a pull copied is on the disk once it has completed',
      ({ pullIsDurable }) => yesOrNo(pullIsDurable),
    ],
    resizeOnlyExtends: [
      'a resize can be told not to shrink a disk, which guards the flush after a pull',
      ({ resizeOnlyExtends }) => yesOrNo(resizeOnlyExtends),
    ],
    statsKillPulls: [
      'block statistics that somebody reads may kill a guest during a pull',
      ({ statsKillPulls }) => yesOrNo(statsKillPulls),
    ],
    extendedL2Aborts: [
      'a pull into an image with extended L2 entries may kill the guest',
      ({ extendedL2Aborts }) => yesOrNo(extendedL2Aborts),
    ],
    commitKeepsZeros: [
      'zeros stay zero clusters in an inactive commit',
      ({ commitKeepsZeros }) => yesOrNo(commitKeepsZeros),
    ],
    zerosKeepRoom: [
      'without `discard`, zeros that replace data keep its room',
      ({ zerosKeepRoom }) => yesOrNo(zerosKeepRoom),
    ],
    mirrorSkipsHoles: [
      'a copy leaves holes out, else it describes them',
      ({ mirrorSkipsHoles }) => yesOrNo(mirrorSkipsHoles),
    ],
    confinesBackingFiles: [
      'where AppArmor confines a guest, QEMU may not write into backing images, so that commits fail',
      ({ confinesBackingFiles }) => yesOrNo(confinesBackingFiles),
    ],
  };

/** The table of these releases. What differs follows from their versions. */
export function tableOf(releases: readonly Release[]): string {
  const row = (title: string, cell: (release: Release) => string) =>
    `| ${[title, ...releases.map(cell)].join(' | ')} |`;
  const subjects = [...new Set(releases.flatMap(({ proved }) => [...proved.keys()]))];
  return [
    row('', ({ name }) => name),
    row('---', () => '---'),
    row('libvirt', ({ libvirtVersion }) => libvirtVersion ?? '?'),
    row('QEMU', ({ qemuVersion }) => qemuVersion ?? '?'),
    row(PROVED, () => ''),
    ...subjects.map((subject) => row(subject, ({ proved }) => String(proved.get(subject) ?? NOT_TESTED))),
    row(DIFFERS, () => ''),
    ...Object.values(IN_WORDS).map(([title, inWords]) => row(title, (one) => inWords(capabilitiesOf(one)))),
  ].join('\n');
}

/** The releases of the table in a document; none where there is no table. */
export function releasesIn(document: string): readonly Release[] {
  const rows = (tableIn(document)?.trim() ?? '')
    .split('\n')
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
  const [names = [], , libvirt = [], qemu = []] = rows;
  const titles = rows.map(([title]) => title);
  const subjects = rows.slice(titles.indexOf(PROVED) + 1, titles.indexOf(DIFFERS));
  return names.slice(1).map((name, i) => ({
    name,
    libvirtVersion: libvirt[i + 1] ?? null,
    qemuVersion: qemu[i + 1] ?? null,
    proved: new Map(
      subjects.flatMap((cells): [string, number][] => {
        const count = cells[i + 1] ?? NOT_TESTED;
        return count === NOT_TESTED ? [] : [[cells[0] ?? '', Number(count)]];
      }),
    ),
  }));
}

/** The document with what is now known of a release. */
export function withRelease(document: string, release: Release): string {
  const releases = releasesIn(document);
  const isKnown = releases.some(({ name }) => name === release.name);
  const all = isKnown
    ? releases.map((one) => (one.name === release.name ? release : one))
    : [...releases, release];
  const [before = ''] = document.split(BEGIN);
  const [, after = ''] = document.split(END);
  return `${before}${BEGIN}\n\n${tableOf(all)}\n\n${END}${after}`;
}

/** The table as it stands in the document. */
export function tableIn(document: string): string | null {
  const [, table] = new RegExp(`${BEGIN}\n([^]*)${END}`).exec(document) ?? [];
  return table?.trim() ?? null;
}
