import type { HostIntent, Intent } from '../../model/kinds/kinds.ts';
import { openDashboard } from './dashboard.ts';
import { die, type FaultPoint, mortal } from './fault-point.ts';

/** What a dashboard in a process of its own does: it starts one operation, and dies at the fault point. */
export interface Doom {
  readonly uris: readonly [string, ...string[]];
  readonly database: string;
  /** Of the guest, which a host's own intent is not about. */
  readonly uuid: string;
  readonly intent: Intent | HostIntent;
  /** Bytes per second, 0 for no limit. */
  readonly bandwidth: number;
  /** Whether it is asked to cancel once the work is sampled. */
  readonly cancels?: boolean;
  /** `null` to live on until it is killed: it prints the operation's id once its work is sampled. */
  readonly point: FaultPoint | null;
}

// The test that starts this process writes the argument, a `Doom` as JSON.
const {
  uris,
  database,
  uuid,
  intent,
  bandwidth,
  cancels = false,
  point,
}: Doom = JSON.parse(process.argv[2] ?? '');

const { run, remove, engine, sampled, reached } = await openDashboard({
  uris,
  database,
  journalOf: (journal) => (point === null ? journal : mortal(journal, point)),
  progressed: ({ step }) => point === `during ${step}` && die(),
});
const { id } = await (intent.kind === 'delete'
  ? remove(intent.files)
  : run({ uuid, name: uuid }, intent, bandwidth));
if (cancels) {
  await sampled(id);
  await engine.cancel(id, 'tester');
}
if (point === null) {
  await sampled(id);
  process.stdout.write(`${id}\n`);
} else {
  const { state, problem } = await reached(id, 'succeeded', 'failed', 'cancelled');
  process.stderr.write(`It came to its end without the fault point: ${state} ${JSON.stringify(problem)}\n`);
  process.exit(1);
}
