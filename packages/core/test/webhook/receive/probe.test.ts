import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, post, SECRET } from '../../support/shop.js';

const dashboardTest = fixtures.v2['webhook.test'];
const probe = dashboardTest({ id: 'doctor_1' });

/** A shop, what its handlers were given, and what is in its store. */
function openWatched(options: Parameters<typeof openShop>[0] = {}) {
  const shop = openShop({ publicUrl: 'https://shop.example/qbitflow', ...options });
  const handled: string[] = [];
  shop.kit.onAny(({ id }) => void handled.push(id));
  return { ...shop, handled };
}

test('a signed probe is answered with how it came and what the kit is, and not recorded', async () => {
  const { deliver, store, handled, logger, clock } = openWatched();
  const { status, headers, body } = await deliver(probe);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(JSON.parse(body)).toEqual({
    received: true,
    probe: {
      id: 'doctor_1',
      signedBy: 'v2',
      body: 'bytes',
      signatures: ['qbitflow-signature'],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      nowMs: clock.now(),
      store: 'memory',
      durable: false,
      mode: 'live',
      processing: 'background',
      publicUrl: 'https://shop.example/qbitflow',
    },
  });
  await settle();
  expect(handled).toEqual([]);
  expect((await store.list({})).items).toEqual([]);
  expect(logger.withCode('probe_answered')).toMatchObject([{ level: 'info' }]);
});

test('a probe sent again is no duplicate: it leaves nothing to remember', async () => {
  const { deliver, store } = openWatched();
  const [first, second] = [await deliver(probe), await deliver(probe)];
  expect(second).toEqual(first);
  expect(await store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
});

test.each(['genuine', 'everything'] as const)(
  'with another secret it is answered as any forgery is (acknowledge: %s)',
  async (acknowledge) => {
    const { deliver } = openWatched({ acknowledge });
    const secret = 'whsec_other';
    const forged = await deliver(probe, { secret });
    expect(forged).toEqual(await deliver(dashboardTest(), { secret }));
    expect(forged.body).not.toContain('probe');
  },
);

test('it grows too old like any delivery', async () => {
  const { kit, clock } = openWatched();
  const signed = signDelivery({ version: 'v2', body: probe, secret: SECRET, clock });
  expect((await kit.handleWebhook(post(signed))).body).toContain('probe');
  await clock.advance(301_000);
  expect((await kit.handleWebhook(post(signed))).status).toBe(401);
});

test('nothing that is not signed makes a delivery a probe', async () => {
  const { kit, clock, store, handled } = openWatched();
  const signed = signDelivery({ version: 'v2', body: dashboardTest(), secret: SECRET, clock });
  const headers = { ...signed.headers, 'qbitflow-event-id': 'doctor_1' };
  expect((await kit.handleWebhook(post({ ...signed, headers }))).body).toBe('{"received":true}');
  await settle();
  expect([handled.length, (await store.list({})).items.length]).toEqual([1, 1]);
});

test.each([
  ['another type under such an id', fixtures.v2['payment.completed']({ id: 'doctor_1' })],
  ["QBitFlow's own test", dashboardTest()],
])('%s is a delivery', async (_what, body) => {
  const { deliver, store } = openWatched({ mode: 'both' });
  expect((await deliver(body)).body).toBe('{"received":true}');
  expect((await store.list({})).items).toHaveLength(1);
});

test.each(['before-reply', 'elsewhere'] as const)(
  'it is answered at once (%s)',
  async (processing) => {
    const { deliver, handled } = openWatched({ processing });
    expect(JSON.parse((await deliver(probe)).body).probe).toMatchObject({ processing });
    expect(handled).toEqual([]);
  },
);

test("signed v1's way it holds together without its bytes, and says so", async () => {
  const { kit, clock } = openWatched();
  const { headers } = signDelivery({ version: 'v1', body: probe, secret: SECRET, clock });
  const parsed = { method: 'POST', url: '/webhook', headers, body: probe };
  const { body } = await kit.handleWebhook(parsed);
  expect(JSON.parse(body).probe).toMatchObject({ signedBy: 'v1', body: 'value' });
});
