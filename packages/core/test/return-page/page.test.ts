import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createDetails } from '../../src/return-page/details.js';
import { SHIPPED_LOCALES } from '../../src/return-page/words/catalogues.js';
import { STATUS_PATH, asksForJson, openShop, until } from './support/shop.js';

const PAYMENT_PATH = '/v2/transaction/payment/pay%401';
const HASH = `0x${'9f2c'.repeat(16)}`;
const PAYMENT = {
  uuid: 'pay@1',
  name: 'Green tea',
  reference: 'ORDER-7',
  price: 24.5,
  amount: 24.9,
  amountMinUnits: '24900001',
  currency: { symbol: 'USDC', decimals: 6 },
  chain: 'BASE',
  txHash: HASH,
  explorerUrl: `https://chain.test/tx/${HASH}`,
  createdAt: '2026-11-20T16:04:11Z',
  confirmedAt: '2026-11-20T16:05:42.123456+02:00',
  from: '0xcustomer',
  to: '0xmerchant',
  customerReference: 'jane@customer.test',
  test: true,
};

async function paidShop(transaction: object = PAYMENT) {
  const shop = await openShop('v2', {
    details: (runtime) => createDetails(runtime, runtime.api),
  });
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, { status: 200, json: transaction });
  return shop;
}

/** What a reader reads, line by line. */
const textOf = (html: string): string =>
  (/<main[^>]*>([^]*)<\/main>/.exec(html)?.[1] ?? '')
    .replaceAll(/<span class="print">[^]*?<\/span>/g, '')
    .replaceAll(/<dt>([^<]*)<\/dt>/g, '$1: ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll(/\n+/g, '\n');

test('what happened is there at a glance: amount, product, order, date, coin, network, transaction', async () => {
  const shop = await paidShop();
  const { body } = await shop.open('/r?uuid=pay@1');
  expect(textOf(body).split('\n').filter(Boolean)).toEqual([
    'Payment received',
    '$24.90 USD',
    'Test payment: no real money',
    'Thank you. Your payment is complete.',
    'Green tea · $24.50 USD',
    'Order reference: ORDER-7Copy',
    'Date: November 20, 2026 at 2:05 PM (UTC)',
    'Paid with: 24.900001\u00a0USDC',
    'Network: Base',
    'Transaction: 0x9f2c9f2c…9f2c9f2cCopyView on the block explorer',
    'Payment ID: pay@1Copy',
    'Print receipt',
  ]);
  expect(body).toContain(
    `data-copy="${HASH}" data-copied="Copied" aria-label="Copy transaction hash"`,
  );
  expect(body).toContain('<time datetime="2026-11-20T14:05:42.123Z" data-local="time">');
  expect(body).not.toMatch(/0xcustomer|0xmerchant|jane/);
});

test('JSON has the same facts, exactly', async () => {
  const shop = await paidShop();
  const { body } = await shop.open('/r?uuid=pay@1', {}, asksForJson);
  expect(JSON.parse(body).details).toEqual({
    product: 'Green tea',
    price: '24.50',
    amount: '24.90',
    reference: 'ORDER-7',
    paidAt: '2026-11-20T16:05:42.123456+02:00',
    paidWith: { amount: '24.900001', symbol: 'USDC' },
    network: 'Base',
    txHash: HASH,
    explorerUrl: `https://chain.test/tx/${HASH}`,
    test: true,
  });
});

test('a subscription says how often, until when it is free, and when is paid next', async () => {
  const shop = await paidShop();
  shop.api.on('/v2/transaction/session-checkout/sub%401/status', {
    status: 200,
    json: { status: 'completed' },
  });
  shop.api.on('/v2/transaction/subscription/sub%401', {
    status: 200,
    json: {
      uuid: 'sub@1',
      priceUsd: '12.00',
      frequency: { value: 3, unit: 'months' },
      status: 'trial',
      currentPeriodEnd: '2026-12-04T16:05:42Z',
      nextBillingDate: '2026-12-04T16:05:42Z',
    },
  });
  const { body } = await shop.open('/r?uuid=sub@1');
  const text = textOf(body);
  expect(text).toContain('$12.00 USD\nevery 3 months\nFree trial until December 4, 2026\n');
  expect(text).toContain('Price: $12.00 USD every 3 months\n');
  expect(text).toContain('Trial ends: December 4, 2026\n');
  expect(text).toContain('Next payment: December 4, 2026\n');
});

test('the manage link comes from the webhook, as soon as it is there', async () => {
  const shop = await openShop('v2', {
    details: (runtime) => {
      const raw = Buffer.from(
        JSON.stringify({
          id: 'evt_1',
          type: 'payment.completed',
          version: 'v2',
          createdAt: '2026-10-01T12:00:00Z',
          test: false,
          data: { uuid: 'pay@1', managementPageLink: 'https://qbitflow.test/manage/1' },
        }),
      );
      let looks = 0;
      const store: typeof runtime.store = {
        ...runtime.store,
        get: async (key) => {
          looks += 1;
          const delivery = { key, raw };
          return looks === 1 ? undefined : Object.assign(Object.create(null), delivery);
        },
      };
      return createDetails({ ...runtime, store }, runtime.api);
    },
  });
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  shop.api.on(PAYMENT_PATH, { status: 200, json: PAYMENT });
  expect((await shop.open('/r?uuid=pay@1')).body).not.toContain('Manage payment');
  shop.clock.advance(1_000);
  expect((await shop.open('/r?uuid=pay@1')).body).toContain(
    'href="https://qbitflow.test/manage/1">Manage payment</a>',
  );
});

test('who has a checkout open here is led back to it', async () => {
  const shop = await paidShop();
  shop.api.on(STATUS_PATH, {
    status: 200,
    json: { status: 'created', lastAttempt: { status: 'failed' } },
  });
  shop.details?.rememberCheckout(
    { uuid: 'pay@1', link: 'https://pay.qbitflow.test/c/1' },
    { productName: 'Tea', price: 4.5, reference: 'ORDER-7' },
  );
  const { body } = await shop.open('/r?uuid=pay@1', { retryUrl: '/again' });
  expect(body).toContain(
    '<a class="main" href="https://pay.qbitflow.test/c/1">Return to the checkout</a>',
  );
  expect(body).not.toContain('Try again<');
  expect(textOf(body)).not.toMatch(/close this page/);
});

test.each<[unknown, string | undefined]>([
  [0.000001, '0.000001'],
  [1e-7, '0.0000001'],
  ['0.0049990', '0.004999'],
  [1.005, '1.005'],
  [4.5, '4.50'],
  [0, '0.00'],
  [1e21, '1000000000000000000000.00'],
  ['12345678901234567890.123456789', '12345678901234567890.123456789'],
  [-1, undefined],
  ['<b>', undefined],
  [Number.MAX_VALUE, undefined],
  [null, undefined],
])('a price of %s is told as %s', async (price, expected) => {
  const shop = await paidShop({ uuid: 'pay@1', price });
  const { body } = await shop.open('/r?uuid=pay@1', {}, asksForJson);
  expect(JSON.parse(body).details.price).toBe(expected);
});

describe('the first paint', () => {
  test('waits 300 ms for the API, says waiting then, and goes on live', async () => {
    const shop = await paidShop();
    shop.api.on(STATUS_PATH, () => undefined);
    const opened = shop.open('/r?uuid=pay@1');
    await until(() => shop.api.requests.length === 1);
    shop.clock.advance(300);
    const { body } = await opened;
    expect(body).toContain('<h1 data-part="title">Waiting for your payment</h1>');
    expect(body).toContain('data-live=');
  });

  test('does not wait for details either: it says paid, and fetches itself again for them', async () => {
    const shop = await paidShop();
    shop.api.on(PAYMENT_PATH, () => undefined);
    const opened = shop.open('/r?uuid=pay@1');
    await until(() => shop.api.requests.length === 2);
    shop.clock.advance(300);
    const { body } = await opened;
    expect(body).toContain('<h1 data-part="title">Payment received</h1>');
    expect(body).toContain('<main data-more="1">');
    expect(body).not.toContain('http-equiv="refresh"');
  });

  test.each([
    ['JSON', {}, asksForJson],
    ['a shop that has a place for those who wait', { redirects: { waiting: '/wait' } }, {}],
  ])('for %s the API has its five seconds', async (_what, options, request) => {
    const shop = await paidShop();
    let answer = (): void => undefined;
    shop.api.on(STATUS_PATH, (response) => {
      answer = () => response.end('{"status":"completed"}');
    });
    const opened = shop.open('/r?uuid=pay@1', options, request);
    await until(() => shop.api.requests.length === 1);
    shop.clock.advance(4_999);
    answer();
    expect((await opened).body).toMatch(/"state":"paid"|Payment received/);
  });
});

test('every state in every language is one document of less than 12 kB, compressed, with the largest logo', async () => {
  const logo = `data:image/png;base64,${Buffer.from(
    Array.from({ length: 6_100 }, (_, index) => (index * 7919 + ((index * index) >> 3)) % 256),
  ).toString('base64')}`;
  const brand = { name: 'Tea', logo, accent: '#0f766e', homeUrl: '/', supportUrl: '/help' };
  expect(logo.length).toBeGreaterThan(8_100);
  const sizes: number[] = [];
  for (const status of ['completed', 'created', 'waitingConfirmation', 'expired'])
    for (const lang of SHIPPED_LOCALES) {
      const shop = await paidShop();
      shop.api.on(STATUS_PATH, { status: 200, json: { status } });
      const { body } = await shop.open(`/r?uuid=pay@1&lang=${lang}`, { brand, retryUrl: '/again' });
      expect(body).toContain(`<html lang="${lang}"`);
      sizes.push(gzipSync(body).length);
    }
  expect(Math.max(...sizes)).toBeLessThan(12_000);
});
