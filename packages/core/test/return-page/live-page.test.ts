import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { STATUS_PATH, asksForJson, openShop } from './support/shop.js';

async function waitingShop(more: object = {}) {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'created', ...more } });
  return shop;
}

test('a page that waits carries one script, the one its policy names', async () => {
  const shop = await waitingShop();
  const { body, headers } = await shop.open('/r?uuid=pay@1&type=payment');

  const scripts = [...body.matchAll(/<script[^>]*>([^]*?)<\/script>/g)];
  expect(scripts).toHaveLength(1);
  const hash = createHash('sha256')
    .update(scripts[0]?.[1] ?? '')
    .digest('base64');
  expect(headers['content-security-policy']).toContain(`script-src 'sha256-${hash}';`);
  expect(headers['content-security-policy']).not.toContain('unsafe');
  expect(body).toContain(
    '<main data-live="status/pay%401?type=payment" data-state="waiting customer false">',
  );
});

test('where its script does not run, the page loads itself again', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1');
  // Behind the script, which makes a comment of it.
  expect(body).toContain('</script>\n<meta http-equiv="refresh" content="3"><!-- -->\n</body>');
  expect(body).not.toContain('<noscript');
});

const reload = (query: string, headers: Record<string, string> = {}) => ({
  url: `/r?${query}`,
  headers: { 'sec-fetch-mode': 'navigate', ...headers },
});
const refreshIn = (body: string) => /http-equiv="refresh" content="([^"]*)"/.exec(body)?.[1];

test.each([
  ['uuid=pay@1', 'none', '3'],
  ['uuid=pay@1', 'cross-site', '3'],
  ['uuid=pay@1', 'same-origin', '5; url=?uuid=pay@1&amp;qbitflow-look=2'],
  ['uuid=pay@1&qbitflow-look=2', 'same-origin', '7; url=?uuid=pay@1&amp;qbitflow-look=3'],
  ['qbitflow-look=3&uuid=pay@1&a=%22', 'none', '10; url=?uuid=pay@1&amp;a=%22&amp;qbitflow-look=4'],
  ['uuid=pay@1&qbitflow-look=20', 'none', '60; url=?uuid=pay@1&amp;qbitflow-look=21'],
  ['uuid=pay@1&qbitflow-look=99', 'none', '60; url=?uuid=pay@1&amp;qbitflow-look=99'],
  ['uuid=pay@1&qbitflow-look=1e9', 'none', '3'],
  ['uuid=pay@1&qbitflow-look=-1', 'none', '3'],
  ['uuid=pay@1&qbitflow-look="><script>', 'none', '3'],
])('a page loaded with %s from %s looks again: %s', async (query, site, expected) => {
  const shop = await waitingShop();
  const { url, headers } = reload(query, { 'sec-fetch-site': site });
  const { body } = await shop.open(url, {}, { headers });
  expect(refreshIn(body)).toBe(expected);
});

test('an API that asks for patience is given it, also by a page that has looked before', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 429, headers: { 'retry-after': '50' } });
  const { body } = await shop.open('/r?uuid=pay@1&qbitflow-look=1');
  expect(refreshIn(body)).toBe('60; url=?uuid=pay@1&amp;qbitflow-look=2');
});

test.each([
  ['/qbitflow/success?uuid=pay@1', undefined, 'status/pay%401'],
  ['/qbitflow/success/?uuid=pay@1', undefined, '../status/pay%401'],
  ['/qbitflow/success/?uuid=pay@1', 'live/status', '../live/status/pay%401'],
  ['/qbitflow/success/?uuid=pay@1', '/pay/status', '/pay/status/pay%401'],
  [
    '/qbitflow/success/?uuid=pay@1',
    'https://api.shop.test/status',
    'https://api.shop.test/status/pay%401',
  ],
  ['/qbitflow/success?uuid=pay@1&from=/', undefined, 'status/pay%401'],
])('a page at %s with live: %s listens at %s', async (url, live, expected) => {
  const shop = await waitingShop();
  const { body } = await shop.open(url, { live });
  expect(body).toContain(`data-live="${expected}"`);
});

test.each([
  ['https://api.shop.test:8443/qbitflow/status', "connect-src 'self' https://api.shop.test:8443;"],
  ['//api.shop.test/status', "connect-src 'self' api.shop.test;"],
  ['https://[::1]:3000/status', "connect-src 'self' https://[::1]:3000;"],
  ['/status', "connect-src 'self';"],
  ['status', "connect-src 'self';"],
  ['https://api.shop.test; script-src *', "connect-src 'self';"],
])('the page may ask a status route at %s and no other', async (live, policy) => {
  const shop = await waitingShop();
  const { headers } = await shop.open('/r?uuid=pay@1', { live });
  expect(headers['content-security-policy']).toContain(policy);
  expect(headers['content-security-policy']).not.toContain('*');
});

test('live: false leaves live updates out, and the page loads itself again', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1', { live: false });
  expect(body).toContain('<main>');
  expect(body).not.toContain('<noscript');
  expect(body).toContain('<meta http-equiv="refresh" content="3">');
});

test.each(['completed', 'expired'])(
  'a page about a %s payment listens to nothing',
  async (status) => {
    const shop = await openShop();
    shop.api.on(STATUS_PATH, { status: 200, json: { status } });
    const { body } = await shop.open('/r?uuid=pay@1');
    expect(body).toContain('<main>');
    expect(body).not.toContain('http-equiv="refresh"');
  },
);

test('where the status route is can be said', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1', { live: '/"pay/status' });
  expect(body).toContain('data-live="/&quot;pay/status/pay%401"');
});

test('the progress names the step a payment has reached', async () => {
  const shop = await waitingShop({ status: 'waitingConfirmation', txHash: '0xabc' });
  const { body } = await shop.open('/r?uuid=pay@1');
  expect(body).toContain(
    '<ol aria-label="Progress"><li class="reached">Checkout opened</li><li class="reached">Payment sent</li><li class="reached" aria-current="step">Being confirmed</li><li class="ahead">Paid</li></ol>',
  );
});

test("the merchant's own words replace ours, as text", async () => {
  const shop = await waitingShop();
  const texts = { waiting: { title: 'Einen <b>Moment</b>', lines: ['Wir warten & hoffen.'] } };
  const { body } = await shop.open('/r?uuid=pay@1', { texts });
  expect(body).toContain('<title>Einen &lt;b&gt;Moment&lt;/b&gt;</title>');
  expect(body).toContain('<h1 data-part="title">Einen &lt;b&gt;Moment&lt;/b&gt;</h1>');
  expect(body).toContain('<p>Wir warten &amp; hoffen.</p>');
  expect(body).not.toContain('Waiting for your payment');
});

test('a title or lines alone leave the other as usual', async () => {
  const shop = await waitingShop();
  const titled = await shop.open('/r?uuid=pay@1', { texts: { waiting: { title: 'A moment' } } });
  expect(titled.body).toContain('<h1 data-part="title">A moment</h1>');
  expect(titled.body).toContain('We have not seen your payment yet.');
  const lined = await shop.open('/r?uuid=pay@1', {
    texts: { waiting: { lines: ['Tea takes time.'] } },
  });
  expect(lined.body).toContain('<h1 data-part="title">Waiting for your payment</h1>');
  expect(lined.body).toContain('Tea takes time.');
});

test('words for one outcome leave the others alone, and a failed attempt is still told', async () => {
  const shop = await waitingShop({ lastAttempt: { status: 'failed' } });
  const texts = { waiting: { title: 'Moment', lines: ['Wir warten.'] } };
  const { body } = await shop.open('/r?uuid=pay@1', { texts });
  expect(body).toContain('The last attempt did not go through.');
  expect((await shop.open('/r?uuid=pay@2', { texts })).body).toContain('Payment not found');
});

test('JSON is there beside the page, and tells the step', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1', { live: false }, asksForJson);
  expect(JSON.parse(body)).toEqual({
    state: 'waiting',
    uuid: 'pay@1',
    status: 'created',
    step: 'customer',
    final: false,
    attemptFailed: false,
  });
});
