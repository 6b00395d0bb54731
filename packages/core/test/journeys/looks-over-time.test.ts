import {
  createQBitFlow,
  memoryStore,
  Unrecoverable,
  type Clock,
  type IdempotencyStore,
} from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { SECRET } from '../support/shop.js';
import { looks, type Look } from './support/looks.js';
import { DAY_MS, openShopForYears, restoredFrom } from './support/shop-for-years.js';

const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000001';
const OTHER = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000002';
const SUBSCRIPTION = 'sub@01a0c0c7-5a6b-4c7d-8e9f-000000000003';
const DAYS = [1, 8, 30, 400] as const;

const everyLook: readonly (readonly [string, Look])[] = Object.entries(looks);

const bought = (uuid: string): string => `payment.completed:${uuid}`;

describe.each(['v1', 'v2'] as const)('%s', (generation) => {
  describe.each(everyLook)('%s', (name, how) => {
    test('a customer looks on days 1, 8, 30 and 400: the order is fulfilled once', async () => {
      const shop = openShopForYears({ generation });
      await shop.deploy(memoryStore({ clock: shop.clock }));
      await shop.untilDay(0.5);
      await shop.deliver(shop.api.pay(PAYMENT));
      for (const day of DAYS) {
        await shop.untilDay(day);
        await shop.look(how, PAYMENT);
      }
      expect(shop.keys()).toEqual([bought(PAYMENT)]);
    });

    test('the look was first, the webhook came later, and looks go on for a year', async () => {
      const shop = openShopForYears({ generation });
      await shop.deploy(memoryStore({ clock: shop.clock }));
      await shop.untilDay(0.5);
      const webhook = shop.api.pay(PAYMENT);
      await shop.look(how, PAYMENT);
      expect(shop.keys()).toEqual([bought(PAYMENT)]);
      expect(await shop.deliver(webhook)).toBe(200);
      for (const day of DAYS) {
        await shop.untilDay(day);
        await shop.look(how, PAYMENT);
      }
      const source = name.startsWith('rec') ? 'recovery' : 'return';
      expect(shop.fulfilled).toMatchObject([{ key: bought(PAYMENT), source }]);
    });

    test('a dead letter that was discarded, since it was shipped by hand, stays so', async () => {
      const shop = openShopForYears({
        generation,
        before: () => {
          if (shop.clock.now() < mended) throw new Unrecoverable('a bug');
        },
      });
      const mended = shop.clock.now() + DAY_MS;
      const kit = await shop.deploy(memoryStore({ clock: shop.clock }));
      await shop.untilDay(0.5);
      await shop.deliver(shop.api.pay(PAYMENT));
      expect(await kit.deliveries.discard(bought(PAYMENT))).toBe(true);
      for (const day of DAYS) {
        await shop.untilDay(day);
        await shop.look(how, PAYMENT);
      }
      expect(shop.keys()).toEqual([]);
    });

    test('a shop that adopts the kit with a year behind it: nothing old is fulfilled, what is new is', async () => {
      const shop = openShopForYears({ generation });
      shop.api.pay(PAYMENT);
      await shop.untilDay(365);
      await shop.deploy(memoryStore({ clock: shop.clock }));
      await shop.look(how, PAYMENT);
      await shop.untilDay(366);
      shop.api.pay(OTHER);
      await shop.look(how, PAYMENT);
      await shop.look(how, OTHER);
      expect(shop.keys()).toEqual([bought(OTHER)]);
      await shop.untilDay(400);
      await shop.look(how, PAYMENT);
      await shop.look(how, OTHER);
      expect(shop.keys()).toEqual([bought(OTHER)]);
    });

    test('a subscription and its bills', async () => {
      const shop = openShopForYears({ generation });
      await shop.deploy(memoryStore({ clock: shop.clock }));
      await shop.untilDay(0.5);
      await shop.deliver(shop.api.subscribe(SUBSCRIPTION));
      const keys = [`subscription.created:${SUBSCRIPTION}`];
      for (const month of [0, 1, 2]) {
        await shop.untilDay(0.6 + 30 * month);
        const bill = `sub-hist@01a0c0c7-5a6b-4c7d-8e9f-00000000010${month}`;
        await shop.deliver(shop.api.bill(SUBSCRIPTION, bill));
        keys.push(`subscription.billed:${bill}`);
        await shop.look(how, SUBSCRIPTION);
        await shop.untilDay(9 + 30 * month);
        await shop.look(how, SUBSCRIPTION);
      }
      await shop.untilDay(400);
      await shop.look(how, SUBSCRIPTION);
      expect(shop.keys()).toEqual(keys);
    });
  });
});

test('a memory store forgets in the end: what it has forgotten is not new', async () => {
  const shop = openShopForYears();
  const kit = await shop.deploy(memoryStore({ clock: shop.clock, maxDone: 4, maxKeys: 4 }));
  const uuids = Array.from(
    { length: 30 },
    (_, day) => `pay@01a0c0c7-5a6b-4c7d-8e9f-0000000002${String(day).padStart(2, '0')}`,
  );
  for (const [day, uuid] of uuids.entries()) {
    await shop.untilDay(day + 1);
    await shop.deliver(shop.api.pay(uuid));
  }
  for (const how of Object.values(looks)) for (const uuid of uuids) await shop.look(how, uuid);
  expect(shop.keys()).toEqual(uuids.map(bought));
  const { seen, recorded, known, tooOld = 0 } = await kit.recover({ since: 0 });
  expect([seen, recorded]).toEqual([30, 0]);
  expect(tooOld).toBeGreaterThan(20);
  expect(known + tooOld).toBe(30);
});

test('keys that are kept for a month: what is older is not new either', async () => {
  const shop = openShopForYears();
  const month = { handlers: { keepKeysMs: 30 * DAY_MS } };
  await shop.deploy(memoryStore({ clock: shop.clock }), month);
  await shop.untilDay(1);
  await shop.deliver(shop.api.pay(PAYMENT));
  await shop.untilDay(100);
  for (const how of Object.values(looks)) await shop.look(how, PAYMENT);
  // It forgets, and goes on recording what is young.
  shop.api.pay(OTHER);
  await shop.look(looks['the success page'], OTHER);
  expect(shop.keys()).toEqual([PAYMENT, OTHER].map(bought));
});

test('shop and inbox come back from a backup of last week: everything since is fulfilled once, in the restored shop', async () => {
  const shop = openShopForYears();
  const bornAt = shop.clock.now();
  const store = memoryStore({ clock: shop.clock });
  await shop.deploy(store);
  const uuidOf = (day: number): string =>
    `pay@01a0c0c7-5a6b-4c7d-8e9f-0000000003${String(day).padStart(2, '0')}`;
  const buyOn = async (day: number): Promise<void> => {
    await shop.untilDay(day);
    await shop.deliver(shop.api.pay(uuidOf(day)));
  };
  for (let day = 1; day <= 7; day += 1) await buyOn(day);
  const backup = await restoredFrom(store, bornAt);
  for (let day = 8; day <= 14; day += 1) await buyOn(day);
  expect(shop.keys()).toHaveLength(14);

  // Both are as they were a week ago: the shop no longer knows of the orders since.
  shop.fulfilled.splice(7);
  await shop.untilDay(14.5);
  const kit = await shop.deploy(backup);
  await Promise.all([kit.recover({ since: 0 }), kit.recover({ since: 0 })]);
  for (const how of Object.values(looks)) {
    await shop.look(how, uuidOf(3));
    await shop.look(how, uuidOf(12));
  }
  const days = Array.from({ length: 14 }, (_, index) => index + 1);
  expect(shop.keys().toSorted()).toEqual(days.map((day) => bought(uuidOf(day))));
});

/** A cache whose keys expire after a while, shared by instances of a shop. */
function expiringKeys(clock: Clock, keepMs: number): IdempotencyStore {
  const keys = new Map<string, { readonly until: number; readonly done: boolean }>();
  const at = (key: string) => {
    const found = keys.get(key);
    return found === undefined || found.until <= clock.now() ? undefined : found;
  };
  return {
    async claim(key, { leaseMs }) {
      const found = at(key);
      if (found !== undefined) return { status: found.done ? 'done' : 'running' };
      keys.set(key, { until: clock.now() + leaseMs, done: false });
      return { status: 'claimed', token: key };
    },
    async complete(key) {
      keys.set(key, { until: clock.now() + keepMs, done: true });
      return true;
    },
    release: async (key) => keys.delete(key),
  };
}

test.each(everyLook)(
  '%s: two instances over a cache whose keys expire after a month',
  async (_name, how) => {
    const shop = openShopForYears();
    const keys = expiringKeys(shop.clock, 30 * DAY_MS);
    const handlers = { keepKeysMs: 30 * DAY_MS };
    const other = createQBitFlow({
      logger: false,
      webhookSecret: SECRET,
      mode: 'both',
      clock: shop.clock,
      store: keys,
      handlers,
    });
    other.onAny(
      (event) => {
        shop.fulfilled.push({ key: event.key, source: 'the other', event });
      },
      { name: 'fulfil' },
    );
    await other.start();
    await shop.deploy(keys, { handlers });
    await shop.untilDay(1);
    // The other instance handles it; this one has never heard of it.
    await other.handleWebhook(shop.request(shop.api.pay(PAYMENT)));
    await shop.untilDay(2);
    for (const day of DAYS) {
      await shop.untilDay(day);
      await shop.look(how, PAYMENT);
    }
    expect(shop.keys()).toEqual([bought(PAYMENT)]);
    shop.api.pay(OTHER);
    await shop.look(how, OTHER);
    expect(shop.keys()).toEqual([PAYMENT, OTHER].map(bought));
    const closing = other.close();
    await shop.clock.advance(60_000);
    await closing;
  },
);
