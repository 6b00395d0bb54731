import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import { STATUS_PATH, openShop, until } from '../return-page/support/shop.js';

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

test('no more queries at once than allowed; the page beyond waits its turn', async () => {
  const shop = await openShop('v2', { limits: { maxInFlight: 1 } });
  let release = (): void => undefined;
  shop.api.on(STATUS_PATH, (response) => {
    release = () => response.end('{"status":"completed"}');
  });
  shop.api.on(SECOND_PATH, { status: 200, json: { status: 'completed' } });

  const first = shop.open('/r?uuid=pay@1');
  await until(() => shop.api.requests.length === 1);
  const second = shop.open('/r?uuid=pay@2');
  await settle();
  expect(shop.api.requests).toHaveLength(1);

  release();
  expect((await first).body).toContain('Payment received');
  expect((await second).body).toContain('Payment received');
});

test('after a 429 nothing is asked about any id until Retry-After has passed', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '20' } });
  shop.api.on(SECOND_PATH, { status: 200, json: { status: 'completed' } });

  await shop.open('/r?uuid=pay@1');
  shop.clock.advance(19_999);
  expect((await shop.open('/r?uuid=pay@2')).body).toContain('Checking takes a little longer');
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
    limits: { maxInFlight: 1 },
    logger: {
      ...(await openShop()).logger,
      error: () => {
        throw new Error('log disk full');
      },
    },
  });
  shop.api.on(STATUS_PATH, { status: 500 });
  expect((await shop.open('/r?uuid=pay@1')).status).toBe(200);
  expect(shop.queries.inFlight()).toBe(0);
});

test('a page that waited in vain has kept its place, and comes before those that ask for the first time', async () => {
  const shop = await openShop('v2', { limits: { maxInFlight: 1 } });
  let release = (): void => undefined;
  shop.api.on(STATUS_PATH, (response) => {
    release = () => response.end('{"status":"created"}');
  });
  shop.api.on('/v2/transaction/session-checkout/pay%403/status', {
    status: 200,
    json: { status: 'completed' },
  });
  const first = shop.open('/r?uuid=pay@1');
  await until(() => shop.api.requests.length === 1);
  const others = [shop.open('/r?uuid=pay@2'), shop.open('/r?uuid=pay@3')];
  await settle();
  shop.clock.advance(5_000);
  for (const page of [first, ...others])
    expect((await page).body).toContain('Waiting for your payment');

  const again = shop.open('/r?uuid=pay@3');
  await settle();
  release();
  expect((await again).body).toContain('Payment received');
  await until(() => shop.api.requests.length === 3);
  expect(shop.api.requests.map(({ url }) => url)).toEqual([
    STATUS_PATH,
    '/v2/transaction/session-checkout/pay%403/status',
    SECOND_PATH,
  ]);
});

test('whom nobody waits for any more when its turn comes is not asked about', async () => {
  const shop = await openShop('v2', { limits: { maxInFlight: 1 } });
  let release = (): void => undefined;
  shop.api.on(STATUS_PATH, (response) => {
    release = () => response.end('{"status":"created"}');
  });
  const pages = [shop.open('/r?uuid=pay@1')];
  await until(() => shop.api.requests.length === 1);
  pages.push(shop.open('/r?uuid=pay@2'));
  await settle();
  shop.clock.advance(5_000);
  await Promise.all(pages);
  shop.clock.advance(15_000);
  const last = shop.open('/r?uuid=pay@3');
  release();
  expect((await last).status).toBe(404);
  expect(shop.api.requests).toHaveLength(2);
});

test.each([
  ['is down', { status: 503 }],
  ['asks to be left alone', { status: 429, headers: { 'retry-after': '20' } }],
])('what was last known stands while the API %s', async (_what, failure) => {
  const shop = await openShop();
  const report = { status: 'waitingConfirmation', txHash: '0xabc' };
  shop.api.on(STATUS_PATH, { status: 200, json: report }, failure, failure);
  const before = await shop.open('/r?uuid=pay@1');
  expect(before.body).toContain('Being confirmed');
  for (let second = 0; second < 3; second += 1) {
    shop.clock.advance(1_000);
    expect((await shop.open('/r?uuid=pay@1')).body).toBe(before.body);
  }
});

test('an API that hangs leaves what was last known', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } }, () => undefined);
  await shop.open('/r?uuid=pay@1');
  shop.clock.advance(1_000);
  const page = shop.open('/r?uuid=pay@1');
  await until(() => shop.api.requests.length === 2);
  shop.clock.advance(5_000);
  expect((await page).body).toContain('Payment received');
});

test('a kit that is closed warns of no crowd', async () => {
  const shop = await openShop('v2', { limits: { maxInFlight: 1 } });
  shop.api.on(STATUS_PATH, () => undefined);
  const pages = [shop.open('/r?uuid=pay@1')];
  await until(() => shop.api.requests.length === 1);
  pages.push(shop.open('/r?uuid=pay@2'));
  await settle();
  shop.queries.close();
  expect((await pages[1])?.body).toContain('Waiting for your payment');
  expect(shop.logger.lines).toEqual([]);
  shop.clock.advance(5_000);
  await pages[0];
});

test('a crowd is warned of once a minute', async () => {
  const shop = await openShop('v2', { limits: { maxInFlight: 1, maxWaiting: 1 } });
  shop.api.on(STATUS_PATH, () => undefined);
  const pages = Array.from({ length: 50 }, async (_, index) =>
    shop.open(`/r?uuid=pay@${index + 1}`),
  );
  await settle();
  shop.clock.advance(5_000);
  await Promise.all(pages);
  expect(shop.logger.lines).toMatchObject([
    { level: 'warn', facts: { code: 'status_queries_crowded' } },
  ]);
});
