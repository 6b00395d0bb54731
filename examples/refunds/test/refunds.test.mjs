import { expect, test } from 'vitest';
import { deliver, openExample } from '../../../test/docs/example-apps.js';

const payment = (digit) => `pay@01a0c0c7-5a6b-4c7d-8e9f-00000000000${digit}`;
const refund = (digit) => `refund@01a0c0c7-5a6b-4c7d-8e9f-00000000000${digit}`;

test('a refund ends access, once it is all of it and however it is told', async () => {
  const example = await openExample('refunds');
  const shop = await example.start('server.mjs');
  const download = async (uuid) => (await fetch(`${shop.url}/download/${uuid}`)).status;
  const pay = async (uuid) => deliver(shop.url, 'payment.completed', { data: { uuid } });
  const refunded = async (uuid, txUuid, refundPercent) =>
    deliver(shop.url, 'refund.completed', { data: { uuid, txUuid, refundPercent } });
  const lines = (pattern) => shop.output().match(pattern)?.length ?? 0;

  expect(await download(payment(1))).toBe(402);
  await pay(payment(1));
  await expect.poll(() => download(payment(1))).toBe(200);

  // Two halves, the first of which is told twice.
  await refunded(refund(1), payment(1), 50);
  await expect.poll(() => lines(/refunded/g)).toBe(1);
  expect(await refunded(refund(1), payment(1), 50)).toEqual({ status: 200, duplicate: true });
  expect(await download(payment(1))).toBe(200);
  await refunded(refund(2), payment(1), 50);
  await expect.poll(() => download(payment(1))).toBe(410);
  expect(lines(/refunded/g)).toBe(2);

  // The refund is heard of before its payment.
  await refunded(refund(3), payment(2), 100);
  await expect.poll(() => lines(/refunded/g)).toBe(3);
  await pay(payment(2));
  await expect.poll(() => download(payment(2))).toBe(410);

  // Asking and refusing take nothing away.
  await pay(payment(3));
  await expect.poll(() => download(payment(3))).toBe(200);
  await deliver(shop.url, 'refund.requested', { data: { uuid: refund(4), txUuid: payment(3) } });
  await deliver(shop.url, 'refund.denied', { data: { uuid: refund(4), txUuid: payment(3) } });
  await expect.poll(shop.output).toContain(`tell the customer of ${payment(3)}`);
  await expect.poll(shop.output).toContain(`decide on the refund of ${payment(3)}`);
  expect(await download(payment(3))).toBe(200);
});
