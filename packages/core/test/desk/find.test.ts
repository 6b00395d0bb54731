import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { paymentId } from '../support/deliveries.js';
import { openShop } from '../support/shop.js';
import { operatorOf } from './support/operator.js';

async function openPaid(payments: number) {
  const shop = openShop();
  shop.kit.on('payment.completed', () => undefined);
  await shop.kit.start();
  for (let number = 1; number <= payments; number += 1) {
    const data = { uuid: paymentId(number), reference: `order-${number}` };
    await shop.deliver(fixtures.v2['payment.completed']({ id: `evt_${number}`, data }));
    await shop.clock.advance(1_000);
  }
  return { ...shop, operator: operatorOf(shop.kit, { authorize: () => 'Ada' }) };
}

test.each([
  ['its key', `payment.completed:${paymentId(2)}`, 'Timeline'],
  ['its transaction', paymentId(2), '1 found'],
  ['its transaction without what stands before it', paymentId(2).slice(4), '1 found'],
  ['its order', 'order-2', '1 found'],
  ['spaces around it', '  order-2 ', '1 found'],
])('one box finds a delivery by %s', async (_name, text, expected) => {
  const { operator } = await openPaid(3);
  const page = await operator.open(`?view=find&q=${encodeURIComponent(text)}`);
  expect(page.text).toContain(expected);
  expect(page.text).toContain(paymentId(2));
  expect(page.text).not.toContain(paymentId(1));
});

test('what is not there is said, and where else to look', async () => {
  const { operator } = await openPaid(1);
  const page = await operator.open(`?view=find&q=${encodeURIComponent('\u202eno such 💥')}`);
  expect(page.status).toBe(404);
  expect(page.text).toContain('never reached this shop');
});

test('pages go from the newest to the oldest, each delivery once, and their addresses can be shared', async () => {
  const { operator, kit } = await openPaid(120);
  const seen: string[] = [];
  let query: string | undefined = '?view=deliveries&type=payment.completed';
  while (query !== undefined) {
    const page = await operatorOf(kit, { authorize: () => 'Grace' }).open(query);
    seen.push(
      ...[...page.html.matchAll(/>\s*order-(\d+)\s*</g)].map(([, number]) => String(number)),
    );
    query = /href="([^"]*)"\s+rel="next"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => String(120 - index)));
  expect(await operator.open('?view=deliveries')).toMatchObject({ status: 200 });
});

test('times are UTC, or so long ago', async () => {
  const { operator } = await openPaid(10);
  expect((await operator.open('?view=deliveries&from=2026-10-01T12:00:05')).text).toContain(
    '5 found',
  );
  expect((await operator.open('?view=deliveries&until=2026-10-01T12:00:05Z')).text).toContain(
    '5 found',
  );
  expect((await operator.open('?view=deliveries&from=2026-10-01T14:00:05%2B02:00')).text).toContain(
    '5 found',
  );
  expect((await operator.open('?view=deliveries&from=-1h')).text).toContain('10 found');
  expect((await operator.open('?view=deliveries&until=-1h')).text).toContain('0 found');
});

test.each([
  ['state=lost', 'a state is one of'],
  ['from=yesterday', 'a time in UTC'],
  ['from=2026-13-45', 'a time in UTC'],
  ['until=-99999999999d', 'a time in UTC'],
])('a filter that makes no sense (%s) is explained in the form', async (query, expected) => {
  const { operator } = await openPaid(1);
  const page = await operator.open(`?view=deliveries&${query}`);
  expect(page.status).toBe(400);
  expect(page.text).toContain(expected);
});

test.each([
  '?view=deliveries&cursor=nonsense',
  '?view=nowhere',
  '?key=no:such',
  '?view=action&id=../..',
  '?view=confirm',
  '?view=confirm&do=replay&key=no:such',
])('an address that names nothing (%s) is told from a failure', async (query) => {
  const { operator, logger } = await openPaid(1);
  const page = await operator.open(query);
  expect([400, 404]).toContain(page.status);
  expect(logger.withCode('desk_failed')).toEqual([]);
});

test('a store that is away is said, with 503', async () => {
  const { kit, store, logger } = openShop();
  Object.assign(store, { stats: async () => Promise.reject(new Error('connection refused')) });
  const page = await operatorOf(kit, { authorize: () => true }).open('');
  expect(page.status).toBe(503);
  expect(page.text).toContain('connection refused');
  expect(logger.withCode('desk_failed')).toHaveLength(1);
});
