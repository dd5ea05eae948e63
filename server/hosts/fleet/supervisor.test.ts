import { expect, test, vi } from 'vitest';
import { LibvirtError } from '../../libvirt/index.ts';
import { Supervisor } from './supervisor.ts';

test('why a host was lost is logged once for each reason, not for each try', async () => {
  const reasons = ['refused', 'refused', 'no route'];
  const tries = vi.fn(async () => {
    throw new LibvirtError('CONNECT_FAILED', reasons[tries.mock.calls.length - 1] ?? 'no route');
  });
  const warn = vi.fn();
  const supervisor = new Supervisor(
    { id: 'h', uri: 'qemu+unix:///session', name: null },
    tries,
    { of: async () => [] },
    {
      hostChanged: () => {},
      guestChanged: () => {},
      jobEnded: () => {},
      warn,
    },
  );
  supervisor.start();
  await vi.waitFor(() => expect(supervisor.host().problem?.params.reason).toBe('no route'), 10_000);
  expect(warn.mock.calls.map(([message, error]) => [message, error.message])).toEqual([
    ['The connection is lost', 'refused'],
    ['The connection is lost', 'no route'],
  ]);
  await supervisor.stop();
});
