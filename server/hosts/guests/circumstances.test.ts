import { expect, test } from 'vitest';
import { parseXml } from '../xml/xml.ts';
import { agentIn } from './circumstances.ts';

const channel = (name: string, state = '') =>
  `<channel type='unix'><source mode='bind'/><target type='virtio' name='${name}' ${state}/></channel>`;

test.each([
  ['', 'none'],
  [channel('com.redhat.spice.0', `state='connected'`), 'none'],
  [channel('org.qemu.guest_agent.0', `state='connected'`), 'connected'],
  [channel('org.qemu.guest_agent.0', `state='disconnected'`), 'disconnected'],
  [channel('org.qemu.guest_agent.0'), 'disconnected'],
])('%#: the agent is %s', (channels, agent) => {
  expect(agentIn(parseXml(`<domain><devices><disk/>${channels}</devices></domain>`))).toBe(agent);
});
