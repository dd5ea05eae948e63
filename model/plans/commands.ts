import { folderOf } from '../fleet/destination.ts';
import { type Image, imagePath } from '../fleet/image.ts';
import { diskPlan, guestOf, imageOf, type Plan } from './plan.ts';
import { shellCommand } from './shell.ts';
import type {
  ActiveCommitStep,
  CommitStep,
  CopyStep,
  DeleteStep,
  MigrateStep,
  OverlayStep,
  PullStep,
  RedefineStep,
  ShutOffPullStep,
  SnapshotStep,
  Step,
} from './step.ts';
import { passingPool } from './transient-pool.ts';

/** How virsh follows a job to its end, which it leaves alone otherwise. */
const WAITING = ['--wait', '--verbose'];

/**
 * What does the same by hand, one text a step, each of one command or of several lines; nothing for a plan that is
 * refused: it would be refused for good reason by hand too.
 *
 * @param bandwidth bytes per second, 0 for no limit
 */
export function commandsOf(plan: Plan, bandwidth: number): readonly string[] {
  if (plan.refusals.length > 0) return [];
  return plan.steps.map((step) => {
    const command = commandOf(plan, step, bandwidth);
    return step.kind === 'pull' ? [command, ...flushLines(plan, step)].join('\n') : command;
  });
}

/** What does the step by hand. @param bandwidth bytes per second, 0 for no limit */
export function commandOf(plan: Plan, step: Step, bandwidth: number): string {
  switch (step.kind) {
    case 'pull':
      return pullCommand(plan, step, bandwidth);
    case 'shut-off-pull':
      return [
        virshCommand(plan, step, ['start', guestOf(plan).name, '--paused']),
        pullCommand(plan, step, bandwidth),
        ...flushLines(plan, step),
        virshCommand(plan, step, ['destroy', guestOf(plan).name]),
      ].join('\n');
    case 'commit':
    case 'active-commit':
      return commitCommand(plan, step, bandwidth);
    case 'copy':
      return copyCommand(plan, step, bandwidth);
    case 'snapshot':
      return snapshotCommand(plan, step);
    case 'forget':
      return step.names
        .map((name) => virshCommand(plan, step, ['snapshot-delete', guestOf(plan).name, name, '--metadata']))
        .join('\n');
    case 'overlay':
      return overlayCommand(plan, step);
    case 'migrate':
      return migrateCommand(plan, step);
    case 'end-job':
      return virshCommand(plan, step, ['blockjob', guestOf(plan).name, step.target, `--${step.how}`]);
    case 'redefine':
      return redefineCommand(plan, step);
    case 'rewrite-header': {
      const { name, format } = step.backing;
      return imageCommand('rebase', '-u', '-f', 'qcow2', '-b', name, '-F', format, step.image);
    }
    case 'delete':
      return deleteCommand(plan, step);
    case 'resume':
      return virshCommand(plan, step, ['resume', guestOf(plan).name]);
    case 'repair-leaks':
      return imageCommand('check', '-r', 'leaks', '-f', 'qcow2', step.image);
  }
}

/** libvirt deletes files by pools only, so where none holds the file one is there for that long. */
function deleteCommand(plan: Plan, step: DeleteStep): string {
  const { file } = step;
  const pool = step.pool === '' ? passingPool(file) : step.pool;
  const lines = [virshCommand(plan, step, ['vol-delete', '--pool', pool, volumeName(file)])];
  if (step.pool === '') {
    lines.unshift(virshCommand(plan, step, ['pool-create-as', pool, 'dir', '--target', folderOf(file)]));
    lines.push(virshCommand(plan, step, ['pool-destroy', pool]));
  }
  return lines.join('\n');
}

function volumeName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** virsh on the host of the step, with these arguments. */
export function virshCommand(plan: Plan, { hostId }: Step, args: readonly string[]): string {
  const uri = plan.uris[hostId];
  // What virsh connects to by itself, as root.
  const there = uri === undefined || uri === 'qemu:///system' ? [] : ['-c', uri];
  return shellCommand(['virsh', ...there, ...args]);
}

function pullCommand(plan: Plan, step: PullStep | ShutOffPullStep, bandwidth: number): string {
  const { target, base } = step;
  return virshCommand(plan, step, [
    'blockpull',
    guestOf(plan).name,
    target,
    ...(base === null ? [] : ['--base', argumentOf(plan, target, base)]),
    ...limited(bandwidth),
    ...WAITING,
  ]);
}

/** Makes a pull outlive QEMU, which libvirt does not do by itself; `null` where the size is not known to the byte. */
export function flushCommand(plan: Plan, step: PullStep | ShutOffPullStep): string | null {
  const [active] = step.before;
  const size = active === undefined ? null : (imageOf(plan, active)?.virtualSize ?? null);
  if (size === null) return null;
  return virshCommand(plan, step, ['blockresize', guestOf(plan).name, step.target, `${size}B`]);
}

function flushLines(plan: Plan, step: PullStep | ShutOffPullStep): readonly string[] {
  const flush = flushCommand(plan, step);
  return flush === null ? [] : ['# the size that it has: this makes QEMU flush the disk', flush];
}

function commitCommand(plan: Plan, step: CommitStep | ActiveCommitStep, bandwidth: number): string {
  const { target, base } = step;
  const top =
    step.kind === 'commit' ? ['--top', argumentOf(plan, target, step.top)] : ['--active', '--pivot'];
  return virshCommand(plan, step, [
    'blockcommit',
    guestOf(plan).name,
    target,
    '--base',
    argumentOf(plan, target, base),
    ...top,
    ...limited(bandwidth),
    ...WAITING,
  ]);
}

function copyCommand(plan: Plan, step: CopyStep, bandwidth: number): string {
  return virshCommand(plan, step, [
    'blockcopy',
    guestOf(plan).name,
    step.target,
    '--dest',
    step.file,
    '--format',
    step.format,
    '--transient-job',
    '--pivot',
    ...limited(bandwidth),
    ...WAITING,
  ]);
}

function limited(bandwidth: number): readonly string[] {
  return bandwidth === 0 ? [] : ['--bytes', '--bandwidth', String(bandwidth)];
}

/** What libvirt calls an image of the chain as the plan was made from it. */
function argumentOf(plan: Plan, target: string, key: string): string {
  const image = diskPlan(plan, target)?.now.images.find((one) => one.key === key);
  return (image && baseArgument(target, image)) ?? key;
}

function snapshotCommand(plan: Plan, step: SnapshotStep): string {
  const { name, description, quiesce, disks, others } = step;
  return virshCommand(plan, step, [
    'snapshot-create-as',
    guestOf(plan).name,
    name,
    ...(description === '' ? [] : [description]),
    '--disk-only',
    '--atomic',
    ...(quiesce ? ['--quiesce'] : []),
    // virsh takes a comma in a value doubled.
    ...disks.flatMap(({ target, file }) => ['--diskspec', `${target},file=${file.replaceAll(',', ',,')}`]),
    ...others.flatMap((target) => ['--diskspec', `${target},snapshot=no`]),
  ]);
}

/** On the destination, where virsh has no word for an image over one that lies in none of its pools. */
function overlayCommand(plan: Plan, { hostId, file, backing, virtualSize }: OverlayStep): string {
  const size = String(virtualSize);
  return [
    `# on ${plan.uris[hostId] ?? 'the destination'}`,
    shellCommand(['qemu-img', 'create', '-f', 'qcow2', '-b', backing.path, '-F', backing.format, file, size]),
  ].join('\n');
}

function migrateCommand(plan: Plan, step: MigrateStep): string {
  const { name } = guestOf(plan);
  const [xml, defined] = [`${name}.xml`, `${name}-defined.xml`];
  const { disks, destinationUri, migrateUri } = step;
  const dump = (file: string, ...which: readonly string[]) => {
    const words = ['dumpxml', ...which, '--migratable', '--security-info', name];
    return `${virshCommand(plan, step, words)} > ${shellCommand([file])}`;
  };
  const safely = [
    '--live',
    '--p2p',
    '--persistent',
    '--undefinesource',
    ...(disks.length > 0 ? ['--unsafe'] : []),
  ];
  return [
    ...(disks.length > 0 ? [dump(xml), dump(defined, '--inactive')] : []),
    ...(disks.length > 0
      ? ['# --unsafe: libvirt can’t know that both hosts read the same backing images, which was compared']
      : []),
    ...disks.map(
      ({ target, file }) =>
        `# in both files, give ${target} the source ${file} of type file and format qcow2, and no backingStore`,
    ),
    virshCommand(plan, step, [
      'migrate',
      ...safely,
      ...(disks.length > 0 ? ['--xml', xml, '--persistent-xml', defined] : []),
      name,
      destinationUri,
      ...(migrateUri === null ? [] : ['--migrateuri', migrateUri]),
    ]),
  ].join('\n');
}

function redefineCommand(plan: Plan, step: RedefineStep): string {
  const xml = `${guestOf(plan).name}.xml`;
  const dump = ['dumpxml', '--inactive', '--security-info', guestOf(plan).name];
  return [
    `${virshCommand(plan, step, dump)} > ${shellCommand([xml])}`,
    `# in that file, give ${step.target} the source ${step.to}, as virsh dumpxml shows it while the guest runs`,
    virshCommand(plan, step, ['define', xml]),
  ].join('\n');
}

function imageCommand(...words: readonly string[]): string {
  return shellCommand(['qemu-img', ...words]);
}

/**
 * An image as libvirt takes it: its path, which fails where the chain has changed, or for one
 * without a path its index.
 */
export function baseArgument(target: string, image: Image): string | null {
  return imagePath(image) ?? (image.index === null ? null : `${target}[${image.index}]`);
}
