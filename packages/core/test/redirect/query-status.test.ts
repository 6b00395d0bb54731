import { expect, test } from 'vitest';
import { STATUS_PATH, openShop, until } from './support/shop.js';

const SECOND_PATH = '/v2/transaction/session-checkout/pay%402/status';

test('queries for one id are shared, the answer is cached for a second', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'created' } });
  const open = async () => shop.open('/r?uuid=pay@1');

  await Promise.all([open(), open(), open()]);
  shop.clock.advance(999);
  await open();
  expect(shop.api.requests).toHaveLength(1);

  shop.clock.advance(1);
  await open();
  expect(shop.api.requests).toHaveLength(2);
});

test('an unknown id is remembered for ten seconds', async () => {
  const shop = await openShop();
  await shop.open('/r?uuid=pay@1');
  shop.clock.advance(9999);
  expect((await shop.open('/r?uuid=pay@1')).status).toBe(404);
  expect(shop.api.requests).toHaveLength(1);

  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'created' } });
  shop.clock.advance(1);
  expect((await shop.open('/r?uuid=pay@1')).status).toBe(200);
});

test('no more queries at once than allowed; the page beyond waits without one', async () => {
  const shop = await openShop('v2', { maxInFlight: 1 });
  let release = (): void => undefined;
  shop.api.on(STATUS_PATH, (response) => {
    release = () => response.end('{"status":"completed"}');
  });
  shop.api.on(SECOND_PATH, { status: 200, json: { status: 'completed' } });

  const first = shop.open('/r?uuid=pay@1');
  await until(() => shop.api.requests.length === 1);
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Waiting for your payment');
  expect(shop.api.requests).toHaveLength(1);

  release();
  expect((await first).body).toContain('Payment received');
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Payment received');
});

test('after a 429 nothing is asked about any id until Retry-After has passed', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '20' } });
  shop.api.on(SECOND_PATH, { status: 200, json: { status: 'completed' } });

  await shop.open('/r?uuid=pay@1');
  shop.clock.advance(19_999);
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Waiting for your payment');
  expect(shop.api.requests).toHaveLength(1);

  shop.clock.advance(1);
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Payment received');
});

test('a Retry-After of a day pauses for a minute only', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '86400' } });
  shop.api.on(SECOND_PATH, { status: 200, json: { status: 'completed' } });

  await shop.open('/r?uuid=pay@1');
  shop.clock.advance(60_000);
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Payment received');
});

test('a logger that throws costs neither the page nor the slot', async () => {
  const shop = await openShop('v2', {
    maxInFlight: 1,
    logger: {
      ...(await openShop()).logger,
      error: () => {
        throw new Error('log disk full');
      },
    },
  });
  shop.api.on(STATUS_PATH, { status: 500 });
  expect((await shop.open('/r?uuid=pay@1')).status).toBe(200);
  expect(shop.deps.queries.inFlight()).toBe(0);
});
