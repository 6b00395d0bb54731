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

test('without scripts the page loads itself again', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1');
  expect(body).toContain('<noscript><meta http-equiv="refresh" content="3"></noscript>');
});

test('live: false leaves the script out, and the page loads itself again', async () => {
  const shop = await waitingShop();
  const { body } = await shop.open('/r?uuid=pay@1', { live: false });
  expect(body).not.toContain('<script');
  expect(body).not.toContain('<noscript');
  expect(body).toContain('<meta http-equiv="refresh" content="3">');
});

test.each(['completed', 'expired'])('a page about a %s payment has no script', async (status) => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status } });
  const { body } = await shop.open('/r?uuid=pay@1');
  expect(body).not.toContain('<script');
  expect(body).not.toContain('http-equiv="refresh"');
});

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
