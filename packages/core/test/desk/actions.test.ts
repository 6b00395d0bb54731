import { memoryStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { paymentId } from '../support/deliveries.js';
import { settle } from '../support/settle.js';
import { openShop, stateOf, type Shop } from '../support/shop.js';
import { loadActions, operatorOf } from './support/operator.js';

const KEY = `payment.completed:${paymentId(1)}`;
const query = `?key=${encodeURIComponent(KEY)}`;
const authorize = () => 'Ada';

/** A shop in which nothing can be fulfilled until it is mended. */
async function openBroken(options: Parameters<typeof openShop>[0] = {}, payments = 1) {
  const shop = openShop({ handlers: { maxAttempts: 1 }, ...options });
  const fulfilled: string[] = [];
  let broken = true;
  shop.kit.on('payment.completed', ({ data }) => {
    if (broken) throw new Error(`no stock for ${data.reference ?? ''}`);
    fulfilled.push(data.uuid);
  });
  await shop.kit.start();
  await loadActions(shop.kit);
  for (let number = 1; number <= payments; number += 1) await pay(shop, number);
  return {
    ...shop,
    fulfilled,
    mend: () => {
      broken = false;
    },
  };
}

async function pay({ deliver, clock }: Pick<Shop, 'deliver' | 'clock'>, number: number) {
  const data = { uuid: paymentId(number), reference: `order-${number}` };
  await deliver(fixtures.v2['payment.completed']({ id: `evt_${number}`, data }));
  await clock.advance(0);
}

test('a dead letter is found, understood, replayed after the undo window, and fulfilled', async () => {
  const { kit, clock, mend, fulfilled, logger } = await openBroken();
  const operator = operatorOf(kit, { authorize });
  const now = await operator.open('');
  expect(now.text).toContain('no stock for order-1');
  const found = await operator.open('?view=find&q=order-1');
  expect(found.text).toContain('1 found');
  const delivery = await operator.open(query);
  expect(delivery.text).toContain('Why it is dead');
  expect(delivery.text).toContain('Attempt 1: failed for good');
  mend();
  const asked = await operator.open(`?view=confirm&do=replay&key=${encodeURIComponent(KEY)}`);
  const held = await operator.send(asked.form('Replay'));
  expect(held.text).toContain('It begins in 10 s.');
  await clock.advance(9_999);
  expect(fulfilled).toEqual([]);
  await clock.advance(1);
  expect((await operator.open(operator.at)).text).toContain('1 of 1 delivery replayed.');
  expect(fulfilled).toEqual([paymentId(1)]);
  expect((await operator.open(query)).text).toContain('Completed');
  const [line] = logger.withCode('desk_action');
  expect(line?.facts).toMatchObject({
    action: 'replay',
    key: KEY,
    by: 'Ada',
    matched: 1,
    changed: 1,
  });
});

test('an action that is undone has done nothing, and the log says who undid it', async () => {
  const { kit, clock, store, mend, logger } = await openBroken();
  mend();
  const operator = operatorOf(kit, { authorize });
  const asked = await operator.open(`?view=confirm&do=discard&key=${encodeURIComponent(KEY)}`);
  const held = await operator.send(asked.form('Discard'));
  const undone = await operator.send(held.form('Undo'));
  expect(undone.text).toContain('Undone by Ada . Nothing was changed.');
  await clock.advance(60_000);
  expect(await stateOf(store, KEY)).toBe('dead');
  expect(logger.withCode('desk_action')).toEqual([]);
  expect(logger.withCode('desk_action_undone')[0]?.facts).toMatchObject({ by: 'Ada', key: KEY });
});

test('a process that ends within the undo window has done nothing', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const { kit, close } = await openBroken({
    clock,
    store: { ...store, close: async () => undefined },
  });
  const operator = operatorOf(kit, { authorize });
  const asked = await operator.open(`?view=confirm&do=discard&key=${encodeURIComponent(KEY)}`);
  await operator.send(asked.form('Discard'));
  await close();
  await clock.advance(60_000);
  expect(await stateOf(store, KEY)).toBe('dead');
});

test('all that match a filter are replayed, and no others', async () => {
  const { kit, clock, mend, fulfilled } = await openBroken({}, 3);
  mend();
  const operator = operatorOf(kit, { authorize });
  const list = await operator.open('?view=deliveries&state=dead&error=order-2');
  expect(list.text).toContain('Replay all that match…');
  const asked = await operator.open('?view=confirm&do=replay&state=dead&error=order-2');
  expect(asked.text).toContain('Replay 1 delivery?');
  await operator.send(asked.form('Replay'));
  await clock.advance(10_000);
  await settle();
  expect((await operator.open(operator.at)).text).toContain('1 of 1 delivery replayed.');
  expect(fulfilled).toEqual([paymentId(2)]);
});

test('all dead letters are discarded, not more', async () => {
  const { kit, clock, store } = await openBroken({}, 2);
  const operator = operatorOf(kit, { authorize });
  const asked = await operator.open('?view=confirm&do=discard&state=dead');
  await operator.send(asked.form('Discard'));
  await clock.advance(10_000);
  await settle();
  expect((await operator.open(operator.at)).text).toContain('2 of 2 deliveries discarded.');
  expect((await store.list({ state: 'dead' })).items).toEqual([]);
});

test.each(['', 'due', 'running'])('nothing can be done to all in state "%s"', async (state) => {
  const { kit } = await openBroken();
  const operator = operatorOf(kit, { authorize });
  const answer = await operator.open(`?view=confirm&do=replay&state=${state}`);
  expect(answer.status).toBe(400);
  expect(answer.html).not.toContain('<form method="post"');
});

test('another process that shares the store knows of the action and can undo it', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const { kit } = await openBroken({ clock, store });
  const other = openShop({ clock, store });
  const here = operatorOf(kit, { authorize });
  const there = operatorOf(other.kit, { authorize: () => 'Grace' });
  const asked = await here.open(`?view=confirm&do=discard&key=${encodeURIComponent(KEY)}`);
  await here.send(asked.form('Discard'));
  const held = await there.open(here.at);
  expect(held.text).toContain('It begins in 10 s.');
  const undoing = await there.send(held.form('Undo'));
  expect(undoing.text).toContain('It is being undone by Grace');
  await clock.advance(10_000);
  expect((await there.open(here.at)).text).toContain('Undone by Grace');
  expect(await stateOf(store, KEY)).toBe('dead');
});

test('a store that goes away while an action runs is said on its page and in the log', async () => {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  let isAway = false;
  const { kit, logger } = await openBroken({
    clock,
    store: {
      ...store,
      discard: async (key) => {
        if (isAway) throw new Error('connection refused');
        return store.discard(key);
      },
    },
  });
  const operator = operatorOf(kit, { authorize });
  const asked = await operator.open(`?view=confirm&do=discard&key=${encodeURIComponent(KEY)}`);
  await operator.send(asked.form('Discard'));
  isAway = true;
  await clock.advance(10_000);
  await settle();
  expect((await operator.open(operator.at)).text).toContain('connection refused');
  expect(logger.withCode('desk_action_failed')[0]?.facts).toMatchObject({ by: 'Ada', key: KEY });
});
