import { guestOf } from '../lab/lab.ts';
import { flattenTo } from '../model/testing.ts';
import { expect, test } from './fixtures.ts';
import { chainOf } from './live-guest.ts';

const guest = { hostId: 'x', uuid: '00000000-0000-4000-8000-000000000000' };
const intent = flattenTo(null);
const good = { guest, intent, fingerprint: '[]', bandwidth: 0 };

const malformed = [
  { what: 'nothing', path: 'operations.start', input: {}, names: 'guest' },
  {
    what: 'a target with a shell in it',
    path: 'operations.start',
    input: { ...good, intent: { ...intent, target: 'vda; rm' } },
    names: 'target',
  },
  {
    what: 'no UUID',
    path: 'operations.start',
    input: { ...good, guest: { ...guest, uuid: 'web-1' } },
    names: 'uuid',
  },
  {
    what: 'a negative limit',
    path: 'operations.start',
    input: { ...good, bandwidth: -1 },
    names: 'bandwidth',
  },
  {
    what: 'an unknown intent',
    path: 'operations.start',
    input: { ...good, intent: { kind: 'wipe' } },
    names: 'kind',
  },
  { what: 'a field too many', path: 'operations.start', input: { ...good, force: true }, names: 'force' },
  { what: 'no operation', path: 'operations.cancel', input: { id: 7 }, names: 'id' },
  { what: 'an empty URI', path: 'hosts.add', input: { uri: '' }, names: 'uri' },
];

for (const { what, path, input, names } of malformed) {
  test(`${path} with ${what} is refused with 400 and the field’s name`, async ({ page, dashboard }) => {
    const answer = await page.request.post(`/api/trpc/${path}`, {
      headers: { Origin: dashboard.origin },
      data: { json: input },
    });
    expect(answer.status()).toBe(400);
    expect(await answer.text()).toContain(names);
  });
}

test('what is no JSON, or has the wrong method, does nothing', async ({ page, lab, dashboard }) => {
  const headers = { Origin: dashboard.origin, 'Content-Type': 'application/json' };
  const garbled = await page.request.post('/api/trpc/operations.start', {
    headers,
    data: Buffer.from('{"json":'),
  });
  expect(garbled.status()).toBe(400);
  const plain = { Origin: dashboard.origin, 'Content-Type': 'text/plain' };
  const form = await page.request.post('/api/trpc/operations.start', { headers: plain, data: '{}' });
  expect(form.status()).toBe(415);
  const read = await page.request.get('/api/trpc/operations.start');
  expect(read.status()).toBe(405);
  expect(await chainOf(lab, guestOf(lab, 'mail'))).toHaveLength(12);
});

test('an address that leads nowhere says so', async ({ page, watch }) => {
  watch.expect(/404/);
  await page.goto('/operations/00000000-0000-4000-8000-000000000000');
  await expect(page.getByRole('main')).toContainText('No such operation');
  await page.goto('/h/none/00000000-0000-4000-8000-000000000000/vda');
  await expect(page.getByRole('main')).toContainText('No such host');
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
});
