import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PAGE_SCRIPT } from '../../src/return-page/page-script.js';
import { STATUS_PATH, asksForJson, openShop, until } from './support/shop.js';

test.each([
  ['success', 'Payment received'],
  ['cancel', 'Your payment has arrived'],
] as const)('the %s page says paid when the API does: %s', async (page, title) => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { uuid: 'pay@1', status: 'completed' } });

  const response = await shop.open('/r?uuid=pay%401&type=payment', { page });

  expect(response.status).toBe(200);
  expect(response.body).toContain(`<h1 data-part="title">${title}</h1>`);
  expect(response.body).not.toContain('http-equiv="refresh"');
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

test('the page is whole, closed to all scripts but ours and kept by nobody', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });

  const { body, headers } = await shop.open('/r?uuid=pay@1');
  const style = /<style>([^]*)<\/style>/.exec(body)?.[1] ?? '';

  expect(headers).toEqual({
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${sha256(style)}'; script-src 'sha256-${sha256(PAGE_SCRIPT)}'; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`,
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
    vary: 'accept, accept-language',
    'x-content-type-options': 'nosniff',
  });
  expect(body).toContain('<html lang="en">');
  expect(body).toContain('<title>Payment received</title>');
  expect(body).toContain('role="status"');
  expect(body).toContain('<dt>Payment ID</dt><dd><bdi dir="ltr"><code>pay@1</code></bdi>');
  expect(body).toContain(`<script>${PAGE_SCRIPT}</script>`);
  expect(body.match(/<script|<style|<link|<img| src=/g)).toEqual(['<style', '<script']);
});

test.each([
  ['v2', 'created', 'waiting', 'customer'],
  ['v2', 'waitingConfirmation', 'waiting', 'sent'],
  ['v2', 'completed', 'paid', 'paid'],
  ['v2', 'expired', 'expired', undefined],
  ['v2', 'failed', 'waiting', undefined],
  ['v2', 'frozen', 'waiting', undefined],
  ['v1', 'created', 'waiting', 'customer'],
  ['v1', 'waitingConfirmation', 'waiting', 'sent'],
  ['v1', 'pending', 'waiting', 'sent'],
  ['v1', 'completed', 'paid', 'paid'],
  ['v1', 'failed', 'failed', undefined],
  ['v1', 'cancelled', 'failed', undefined],
  ['v1', 'expired', 'expired', undefined],
  ['v1', 'frozen', 'waiting', undefined],
] as const)('%s %s is %s, step %s', async (generation, status, state, step) => {
  const shop = await openShop(generation);
  shop.api.on(generation === 'v2' ? STATUS_PATH : '/v1/transaction/status', {
    status: 200,
    json: { status, message: 'secret@customer.test', customerUuid: 'c-1' },
  });

  const response = await shop.open('/r?uuid=pay@1', {}, asksForJson);

  expect(response.status).toBe(200);
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(response.body)).toEqual({
    state,
    uuid: 'pay@1',
    status,
    ...(step === undefined ? {} : { step }),
    final: state !== 'waiting',
    attemptFailed: false,
  });
});

test('a failed attempt is waiting, and says that the customer may try again', async () => {
  const shop = await openShop();
  const lastAttempt = { status: 'failed', message: '<b>', at: '2026-10-01T12:00:00Z' };
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'created', lastAttempt } });

  const response = await shop.open('/r?uuid=pay@1');

  expect(response.status).toBe(200);
  expect(response.body).toContain('<h1 data-part="title">Not paid yet</h1>');
  expect(response.body).toContain('The last attempt did not go through.');
  expect(response.body).not.toMatch(/close this page|on its way/);
  expect(response.body).toContain('<meta http-equiv="refresh" content="3">');
});

test.each([
  ['500', { status: 500 }],
  ['a wrong API key', { status: 401 }],
  ['a redirect', { status: 302, headers: { location: '/' } }],
  ['garbage', { status: 200, text: '<html>' }],
  ['a wrong type', { status: 200, json: { status: 7 } }],
])('an API that answers %s is a page that waits', async (_what, answer) => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, answer);

  const response = await shop.open('/r?uuid=pay@1');

  expect(response.status).toBe(200);
  expect(response.headers['retry-after']).toBe('3');
  expect(response.body).toContain('<meta http-equiv="refresh" content="3">');
  expect(shop.api.requests).toHaveLength(1);
});

test('an API that is down is a page that waits', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, (response) => response.destroy());
  const { body } = await shop.open('/r?uuid=pay@1');
  expect(body).toContain('<h1 data-part="title">We cannot check your payment right now</h1>');
  expect(body).toContain('please do not pay again');
});

test('a page waits for a slow API as long as it was told, and the late answer serves the next', async () => {
  const shop = await openShop();
  let answer = (): void => undefined;
  shop.api.on(STATUS_PATH, (response) => {
    answer = () => response.end('{"status":"completed"}');
  });

  const first = shop.open('/r?uuid=pay@1', { timeoutMs: 5000 });
  await until(() => shop.api.requests.length === 1);
  shop.clock.advance(5000);
  expect((await first).body).toContain('Waiting for your payment');

  answer();
  await until(() => shop.queries.inFlight() === 0);
  expect((await shop.open('/r?uuid=pay@1')).body).toContain('Payment received');
  expect(shop.api.requests).toHaveLength(1);
});

test('a 429 makes the page wait as long as the API asks, a minute at most', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '12' } });
  const response = await shop.open('/r?uuid=pay@1');
  expect(response.headers['retry-after']).toBe('12');
  expect(response.body).toContain('<meta http-equiv="refresh" content="12">');

  const other = await openShop();
  other.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '86400' } });
  expect((await other.open('/r?uuid=pay@1')).headers['retry-after']).toBe('60');
});

test('an unknown id is 404', async () => {
  const shop = await openShop();
  const response = await shop.open('/r?uuid=pay@1');
  expect(response.status).toBe(404);
  expect(response.body).toContain('Payment not found');
});

test('HEAD has the headers of GET and no body', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  const get = await shop.open('/r?uuid=pay@1');
  const head = await shop.open('/r?uuid=pay@1', {}, { method: 'HEAD' });
  expect(head).toEqual({ ...get, body: '' });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])('%s is 405', async (method) => {
  const shop = await openShop();
  const response = await shop.open('/r?uuid=pay@1', {}, { method });
  expect(response.status).toBe(405);
  expect(response.headers['allow']).toBe('GET, HEAD');
  expect(shop.api.requests).toHaveLength(0);
});

test('a report is passed on as it comes from the API, and its failure keeps nobody waiting', async () => {
  const seen: unknown[] = [];
  const shop = await openShop('v2', {
    onReport: (report) => {
      seen.push(report);
      throw new Error('store down');
    },
  });
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed', txHash: '0xabc' } });

  expect((await shop.open('/r?uuid=pay@1')).body).toContain('Payment received');
  expect((await shop.open('/r?uuid=pay@1')).body).toContain('Payment received');
  expect(seen).toMatchObject([{ uuid: 'pay@1', status: 'completed', txHash: '0xabc' }]);
});
