import { startRuntime } from './runtime.ts';
import { surviveUnreadLog } from './unread-log.ts';

/** Starts the parts in this process, and closes them in order when the process gets a signal to end. */
export async function startProcess(): Promise<void> {
  surviveUnreadLog();
  const { stop } = await startRuntime(process.env);
  let ending = false;
  const end = (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    // Open event streams would keep Next's own handler waiting for ever.
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`Ending after ${signal} failed`, error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
