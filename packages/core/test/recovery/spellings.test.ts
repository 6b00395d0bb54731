import { memoryStore } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { looks, type Look } from '../journeys/support/looks.js';
import { openShopForYears } from '../journeys/support/shop-for-years.js';

const DIGITS = '01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const everyLook: readonly (readonly [string, Look])[] = Object.entries(looks);

/** As links come back from mail clients, link rewriters and merchants' own tables. */
const spellingsOf = (prefix: string): readonly string[] => [
  `${prefix}@${DIGITS}`,
  `${prefix}@${DIGITS}`.toUpperCase(),
  `${prefix}@${DIGITS.replaceAll('-', '')}`,
  `${prefix}@${DIGITS.toUpperCase()}`,
  `${prefix}@${DIGITS}.`,
  DIGITS,
  `${DIGITS.toUpperCase()}.`,
];

/** No return URL carries them, but a program may. */
const braced = (prefix: string): readonly string[] => [
  `${prefix}@{${DIGITS}}`,
  `{${prefix}@${DIGITS}}`,
];

async function openYoungShop(generation: 'v1' | 'v2') {
  const shop = openShopForYears({ generation });
  await shop.deploy(memoryStore({ clock: shop.clock }));
  await shop.clock.advance(60_000);
  return shop;
}

describe.each(['v1', 'v2'] as const)('%s', (generation) => {
  describe.each(everyLook)('%s', (name, how) => {
    test.each(['pay', 'sub'])('%s@…: every spelling of one id is one event', async (prefix) => {
      const shop = await openYoungShop(generation);
      const uuid = `${prefix}@${DIGITS}`;
      const type = prefix === 'pay' ? 'payment.completed' : 'subscription.created';
      const webhook = prefix === 'pay' ? shop.api.pay(uuid) : shop.api.subscribe(uuid);
      const programs = name === 'watchStatus' || name === 'recheck' ? braced(prefix) : [];
      for (const spelling of [...spellingsOf(prefix).toReversed(), ...programs])
        await shop.look(how, spelling);
      expect(await shop.deliver(webhook)).toBe(200);
      for (const spelling of spellingsOf(prefix)) await shop.look(how, spelling);
      expect(shop.fulfilled).toMatchObject([
        { key: `${type}:${uuid}`, event: { subject: uuid, data: { uuid, reference: uuid } } },
      ]);
      expect((await shop.kit().deliveries.list()).items.map(({ key }) => key)).toEqual([
        `${type}:${uuid}`,
      ]);
    });
  });
});

test('a hundred viewers under all spellings ask for the payment once', async () => {
  const shop = await openYoungShop('v2');
  shop.api.pay(`pay@${DIGITS}`);
  const spellings = spellingsOf('pay');
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) =>
      looks['the success page'](shop.kit(), spellings[index % spellings.length] ?? ''),
    ),
  );
  await shop.look(looks['the success page'], `pay@${DIGITS}`);
  const payments = shop.api.asked.filter((path) => path.includes('/payment/'));
  expect(payments).toEqual([`/v2/transaction/payment/pay@${DIGITS}`]);
});

test('under every spelling a page shows what a session opened here sells', async () => {
  const shop = await openYoungShop('v2');
  const uuid = `pay@${DIGITS}`;
  shop.api.opens = { uuid, link: 'https://qbitflow.test/checkout' };
  await shop.kit().checkout.createPayment({
    productName: 'Oolong',
    price: 4,
    successUrl: 'https://shop.test/{{UUID}}',
    cancelUrl: 'https://shop.test/c',
  });
  shop.api.say(uuid, 'created');
  for (const spelling of spellingsOf('pay')) {
    const url = `/success?uuid=${encodeURIComponent(spelling)}`;
    const page = await shop
      .kit()
      .confirmReturn({ method: 'GET', url, headers: {} }, { page: 'success' });
    expect(page.body).toContain('Oolong');
  }
});

test('a page of one payment shows nothing of another that the API answers with', async () => {
  const shop = await openYoungShop('v2');
  shop.api.pay('pay@01a0c0c7-5a6b-4c7d-8e9f-00000000000f');
  shop.api.mixUp(`pay@${DIGITS}`, 'pay@01a0c0c7-5a6b-4c7d-8e9f-00000000000f');
  const url = `/success?uuid=pay@${DIGITS}`;
  const page = await shop
    .kit()
    .confirmReturn({ method: 'GET', url, headers: {} }, { page: 'success' });
  await shop.look(looks['the success page'], `pay@${DIGITS}`);
  expect(page.body).not.toContain('Blue T-shirt');
  expect(shop.keys()).toEqual([]);
  expect(shop.logger.withCode('look_unidentified')).toHaveLength(1);
});
