import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { until } from '../../lab/process.ts';
import { lab } from '../../lab/vitest-lab.ts';
import { connect } from './connect.ts';
import { isConnectionLost } from './errors.ts';
import { MessageType } from './frame.ts';
import { Program } from './procedures.ts';
import { type PingingDaemon, startPingingDaemon } from './testing/pinging-daemon.ts';
import { type Direction, Relay } from './testing/relay.ts';

const [PING, PONG] = [1, 2];

let daemon: PingingDaemon;

beforeAll(async () => {
  daemon = await startPingingDaemon(lab);
});

afterAll(() => daemon.stop());

/** A connection to the daemon, through a relay that counts keepalive and may keep it back. */
async function through(passes: (direction: Direction) => boolean) {
  const seen = { pings: 0, pongs: 0, calls: 0 };
  const relay = await Relay.open(daemon.socket, (direction, { program, procedure, type }) => {
    if (program !== Program.KEEPALIVE) {
      if (type === MessageType.CALL) seen.calls++;
      return true;
    }
    if (direction === 'from-daemon' && procedure === PING) seen.pings++;
    if (direction === 'to-daemon' && procedure === PONG) seen.pongs++;
    return passes(direction);
  });
  onTestFinished(() => relay.close());
  const connection = await connect(`qemu+unix:///session?socket=${relay.socket}`);
  onTestFinished(() => connection.close());
  return { connection, seen };
}

it('stays connected while idle, for twice as many pings as the daemon would wait for', async () => {
  const { connection, seen } = await through(() => true);
  const { calls } = seen;
  await until('its pings', async () => seen.pings > 2 * daemon.patience, 30);
  await until('the last answer', async () => seen.pongs === seen.pings);
  expect(seen.calls).toBe(calls);
  await connection.ping();
});

it('is closed by the daemon when its answers do not arrive', async () => {
  const { connection, seen } = await through((direction) => direction === 'from-daemon');
  expect(await connection.closed).toSatisfy(isConnectionLost);
  expect(seen.pings).toBe(daemon.patience);
  // The last answer may cross the end.
  expect(seen.pongs).toBeGreaterThanOrEqual(daemon.patience - 1);
});
