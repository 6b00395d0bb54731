import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { paymentId } from '../support/deliveries.js';
import { openShop } from '../support/shop.js';
import { operatorOf } from './support/operator.js';

/** The page of a delivery of a shop whose API answers so. */
async function openDelivery(answer: typeof fetch) {
  const shop = openShop({ apiKey: 'sk_desk', fetch: answer });
  await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid: paymentId(1) } }));
  const operator = operatorOf(shop.kit, { authorize: () => 'Ada' });
  const page = await operator.open(`?key=payment.completed:${encodeURIComponent(paymentId(1))}`);
  return { ...shop, operator, page };
}

function json(value: object): typeof fetch {
  return async () => Response.json(value);
}

test('an API that hangs is given up after ten seconds, and is not asked again by itself', async () => {
  let asked = 0;
  const { operator, page, clock } = await openDelivery(async () => {
    asked += 1;
    return new Promise(() => undefined);
  });
  const answered = operator.send(page.form('Ask the API'));
  await expect.poll(() => asked).toBe(1);
  await clock.advance(10_000);
  expect((await answered).text).toContain('did not answer');
  await clock.advance(60_000);
  expect(asked).toBe(1);
});

test('what the API says of a person is not shown', async () => {
  const lastAttempt = {
    status: 'failed',
    code: 'insufficient_balance',
    message: 'mail to jane@customer.example',
    payer: '0xpayers-wallet',
  };
  const { operator, page } = await openDelivery(
    json({ uuid: paymentId(1), status: 'created', message: 'jane@customer.example', lastAttempt }),
  );
  const { text } = await operator.send(page.form('Ask the API'));
  expect(text).toContain('Message •••• Last attempt failed · insufficient_balance · mail to ••••');
  expect(text).not.toContain('0xpayers-wallet');
});

test('what the API says is text', async () => {
  const status = '<img src=x onerror=owned()>';
  const { operator, page } = await openDelivery(json({ status, txHash: status, message: status }));
  const { html, text } = await operator.send(page.form('Ask the API'));
  expect(text.split(status)).toHaveLength(4);
  expect(html).not.toContain('<img');
});

test('an answer that cannot be read is said', async () => {
  const { operator, page } = await openDelivery(json({ status: 7 }));
  const { text } = await operator.send(page.form('Ask the API'));
  expect(text).toContain('answered with a status that cannot be read (status)');
});
