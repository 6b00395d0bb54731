import { expect, test } from 'vitest';
import { openLiveShop, PAYMENT, until, type LiveShop } from './support/live-shop.js';

/** Lets time pass a second at a time, each with its answers; gives the seconds at which the API was asked. */
async function secondsOfQueries(shop: LiveShop, seconds: number): Promise<number[]> {
  const asked: number[] = [];
  let before = shop.api.asked.length;
  for (let second = 1; second <= seconds; second += 1) {
    await shop.clock.advance(1_000);
    // One timer is the watcher's sleep; a query under way has two.
    await until(() => shop.clock.waiting === 1);
    if (shop.api.asked.length > before) asked.push(second);
    before = shop.api.asked.length;
  }
  return asked;
}

async function watching(status: Parameters<LiveShop['api']['set']>[1]) {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, status);
  const watched = shop.watch();
  await until(() => shop.api.asked.length === 1 && shop.clock.waiting === 1);
  return { ...shop, watched };
}

test('while nothing changes the waits grow to ten seconds', async () => {
  const shop = await watching({ status: 'created' });
  expect(await secondsOfQueries(shop, 55)).toEqual([1, 3, 6, 10, 16, 24, 34, 44, 54]);
});

test('after a change it is asked often again', async () => {
  const shop = await watching({ status: 'created' });
  await secondsOfQueries(shop, 21);
  shop.api.set(PAYMENT, { status: 'waitingConfirmation' });
  expect(await secondsOfQueries(shop, 15)).toEqual([3, 4, 6, 9, 13]);
});

test('Retry-After is kept to, and the watcher waits without news', async () => {
  const shop = await watching({ http: 429, headers: { 'retry-after': '25' } });
  expect(shop.watched.reports).toEqual([]);
  shop.api.set(PAYMENT, { status: 'completed' });
  await shop.clock.advance(24_999);
  expect(shop.api.asked).toHaveLength(1);
  await shop.clock.advance(1);
  await shop.watched.ended;
  expect(shop.watched.statuses()).toEqual(['completed']);
});

test('an API that is down is asked less and less, and the truth comes when it is back', async () => {
  const shop = await watching({ http: 503 });
  expect(await secondsOfQueries(shop, 35)).toEqual([1, 3, 6, 10, 16, 24, 34]);
  shop.api.set(PAYMENT, { status: 'completed' });
  await shop.clock.advance(10_000);
  await shop.watched.ended;
  expect(shop.watched.statuses()).toEqual(['completed']);
});

test('a query that never answers is given up, and asked again', async () => {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, { status: 'completed' });
  shop.api.hold();
  const watched = shop.watch();
  await until(() => shop.api.asked.length === 1);
  shop.api.set(PAYMENT, { status: 'completed' });
  await shop.clock.advance(15_000);
  await until(() => shop.api.unanswered === 0);
  shop.api.hold()();
  await shop.clock.advance(10_000);
  await watched.ended;
  expect(watched.statuses()).toEqual(['completed']);
});
