import { memoryStore, RetryLater, type WebhookEvent } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { looks, type Look } from './support/looks.js';
import { openShopForYears } from './support/shop-for-years.js';

const MINUTE_MS = 60_000;
const DIGITS = '01a0c0c7-5a6b-4c7d-8e9f-000000000001';
const LINK = 'https://qbitflow.app/manage?id=7';
const everyLook: readonly (readonly [string, Look])[] = Object.entries(looks).filter(
  ([name]) => name !== 'recover',
);

const purchases = [
  { kind: 'payment', uuid: `pay@${DIGITS}`, type: 'payment.completed' },
  { kind: 'subscription', uuid: `sub@${DIGITS}`, type: 'subscription.created' },
] as const;

const webhooks = {
  v1: (uuid: string) => {
    const make = uuid.startsWith('pay@')
      ? fixtures.v1.paymentCompleted
      : fixtures.v1.subscriptionCreated;
    return make({
      uuid,
      managementPageLink: LINK,
      session: { uuid, reference: uuid, productName: 'Oolong' },
    });
  },
  v2: (uuid: string) => {
    const make = uuid.startsWith('pay@')
      ? fixtures.v2['payment.completed']
      : fixtures.v2['subscription.created'];
    return make({
      id: 'evt_7',
      userUuid: 'member-7',
      data: { uuid, reference: uuid, name: 'Oolong', managementPageLink: LINK },
    });
  },
} as const;

/** A shop that has just opened; `before` runs ahead of its handler. */
async function openYoungShop(generation: 'v1' | 'v2', before?: (event: WebhookEvent) => unknown) {
  const shop = openShopForYears({ generation, ...(before === undefined ? {} : { before }) });
  const store = memoryStore({ clock: shop.clock });
  await shop.deploy(store);
  await shop.clock.advance(MINUTE_MS);
  return { ...shop, store };
}

describe.each(['v1', 'v2'] as const)('%s', (generation) => {
  describe.each(purchases)('a $kind', ({ kind, uuid, type }) => {
    const key = `${type}:${uuid}`;
    const buy = (shop: Awaited<ReturnType<typeof openYoungShop>>) =>
      kind === 'payment' ? shop.api.pay(uuid) : shop.api.subscribe(uuid);

    test.each(everyLook)(
      '%s first, then the webhook before the handler has succeeded: it sees what only the webhook knows',
      async (_name, how) => {
        const seen: unknown[] = [];
        const shop = await openYoungShop(generation, (event) => {
          seen.push(Reflect.get(Object(event.data), 'managementPageLink'));
          // Putting it off is no attempt that counts.
          if (seen.length === 1) throw new RetryLater(3 * 60 * MINUTE_MS);
        });
        buy(shop);
        await shop.look(how, uuid);
        expect(seen).toEqual([undefined]);
        expect(await shop.deliver(webhooks[generation](uuid), generation)).toBe(200);
        await shop.clock.advance(4 * 60 * MINUTE_MS);
        await shop.look(how, uuid);
        expect(seen).toEqual([undefined, LINK]);
        expect(shop.fulfilled).toMatchObject([
          {
            key,
            event: {
              version: generation,
              type,
              data: { uuid, reference: uuid, name: 'Oolong', managementPageLink: LINK },
            },
          },
        ]);
        const ofTheEvent = { v1: { id: key }, v2: { id: 'evt_7', userUuid: 'member-7' } };
        expect(shop.fulfilled[0]?.event).toMatchObject(ofTheEvent[generation]);
      },
    );

    test('the webhook while the handler runs completes its next attempt', async () => {
      const seen: unknown[] = [];
      const shop = await openYoungShop(generation, async (event) => {
        seen.push(Reflect.get(Object(event.data), 'managementPageLink'));
        if (seen.length > 1) return;
        await shop.kit().receive(await signed());
        throw new RetryLater(MINUTE_MS);
      });
      const signed = async () => shop.request(webhooks[generation](uuid), generation);
      buy(shop);
      await shop.look(looks['the success page'], uuid);
      await shop.clock.advance(5 * MINUTE_MS);
      await shop.look(looks['the success page'], uuid);
      expect(seen).toEqual([undefined, LINK]);
    });

    test('the webhook after the handler is kept beside the record, for operators, and handled by nobody', async () => {
      const shop = await openYoungShop(generation);
      buy(shop);
      await shop.look(looks['the success page'], uuid);
      expect(shop.keys()).toEqual([key]);
      const webhook = webhooks[generation](uuid);
      expect(await shop.deliver(webhook, generation)).toBe(200);
      expect(
        await shop.deliver({ ...webhook, managementPageLink: 'https://later.test' }, generation),
      ).toBe(200);
      await shop.clock.advance(60 * MINUTE_MS);
      expect(shop.keys()).toEqual([key]);
      const kept = await shop.kit().deliveries.get(key);
      expect(kept).toMatchObject({
        state: 'done',
        source: 'return',
        webhook: { version: generation },
      });
      expect(Buffer.from(kept?.webhook?.raw ?? []).toString()).toBe(JSON.stringify(webhook));
    });

    test('and a replay of it by an operator gives the handler the fuller one', async () => {
      const shop = await openYoungShop(generation);
      buy(shop);
      await shop.look(looks['the success page'], uuid);
      await shop.deliver(webhooks[generation](uuid), generation);
      expect(await shop.kit().deliveries.replay(key)).toBe(true);
      await shop.look(looks['the success page'], uuid);
      expect(shop.fulfilled).toMatchObject([
        { key },
        { key, event: { data: { managementPageLink: LINK } } },
      ]);
    });

    test('a look after the webhook takes nothing away', async () => {
      let isClosed = true;
      const shop = await openYoungShop(generation, () => {
        const wasClosed = isClosed;
        isClosed = false;
        if (wasClosed) throw new RetryLater(60 * MINUTE_MS);
      });
      buy(shop);
      await shop.deliver(webhooks[generation](uuid), generation);
      for (const [, how] of everyLook) await shop.look(how, uuid);
      expect(shop.fulfilled).toMatchObject([
        { key, source: 'webhook', event: { data: { managementPageLink: LINK } } },
      ]);
    });
  });
});
