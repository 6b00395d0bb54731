import { createQBitFlow, silentLogger, type IdempotencyStore } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { gate } from '../support/processes.js';
import { thrownBy } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { post, SECRET } from '../support/shop.js';
import { openInstance } from './idempotency-instance.js';
import { sharedMap } from './idempotency-shared-map.js';

const HOUR_MS = 3_600_000;
const body = fixtures.v2['payment.completed']();
const KEY = 'payment.completed:pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const DUPLICATE = '{"received":true,"duplicate":true}';

/** Two kits, as in two processes, over one cache. */
function openTwo() {
  const clock = fakeClock();
  const map = sharedMap(clock);
  return { clock, map, one: openInstance(clock, map), other: openInstance(clock, map) };
}

test('what one instance has claimed the other does not run: 503 until it is done, then 200', async () => {
  const { one, other } = openTwo();
  await Promise.all([one.load(), other.load()]);
  const answers = [await one.deliver(body), await other.deliver(body)];
  await settle();
  answers.push(await other.deliver(body));
  await settle();
  expect(answers.map((answer) => [answer.status, answer.body])).toEqual([
    [200, '{"received":true}'],
    [503, '{"error":"the delivery is being handled, please send again later"}'],
    [200, DUPLICATE],
  ]);
  expect([one.runs, other.runs]).toEqual([[KEY], []]);
});

test('of many deliveries to two instances at once one runs, and each is 200 in the end', async () => {
  const { one, other } = openTwo();
  const all = [one, other, one, other];
  const answers = await Promise.all(all.map(async ({ deliver }) => deliver(body)));
  await settle();
  expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 503]));
  const again = await Promise.all(all.map(async ({ deliver }) => deliver(body)));
  expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect([...one.runs, ...other.runs]).toEqual([KEY]);
});

test('a claim whose answer was lost is 503 for every instance until it lapses; then the handler runs', async () => {
  const clock = fakeClock();
  const map = sharedMap(clock);
  let lost = true;
  const claim: typeof map.claim = async (key, options) => {
    const result = await map.claim(key, options);
    if (lost) throw new Error('ECONNRESET');
    return result;
  };
  const one = openInstance(clock, { ...map, claim });
  const other = openInstance(clock, map);
  expect((await one.deliver(body)).status).toBe(503);
  lost = false;
  expect((await one.deliver(body)).status).toBe(503);
  expect((await other.deliver(body)).status).toBe(503);
  await settle();
  expect([one.runs, other.runs]).toEqual([[], []]);
  await clock.advance(HOUR_MS);
  expect((await other.deliver(body)).status).toBe(200);
  await settle();
  expect([one.runs, other.runs]).toEqual([[], [KEY]]);
});

test('a process that closes with a retry waiting gives its claim back: the next delivery is handled', async () => {
  const { clock, map, other } = openTwo();
  const failing = createQBitFlow({
    webhookSecret: SECRET,
    clock,
    store: map,
    logger: silentLogger,
  });
  failing.on('payment.completed', () => {
    throw new Error('not today');
  });
  const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock });
  expect((await failing.handleWebhook(post(signed))).status).toBe(200);
  await settle();
  const closing = failing.close();
  await clock.advance(20_000);
  await closing;
  expect((await other.deliver(body)).status).toBe(200);
  await settle();
  expect(other.runs).toEqual([KEY]);
});

test('a cache that is away for several leases when the handler has succeeded: it ran once, and is done when the cache is back', async () => {
  const clock = fakeClock();
  const map = sharedMap(clock);
  let away = true;
  const complete: typeof map.complete = async (key, token) => {
    if (away) throw new Error('away');
    return map.complete(key, token);
  };
  const shop = openInstance(clock, { ...map, complete });
  await shop.deliver(body);
  await clock.advance(600_000);
  expect(shop.runs).toEqual([KEY]);
  away = false;
  await clock.advance(60_000);
  expect(shop.runs).toEqual([KEY]);
  expect(await map.claim(KEY, { leaseMs: HOUR_MS })).toEqual({ status: 'done' });
  expect(await shop.kit.deliveries.stats()).toMatchObject({ done: 1, dead: 0 });
});

test('done stays done for every instance, also for one that starts later', async () => {
  const { clock, map, one } = openTwo();
  await one.deliver(body);
  await settle();
  expect(await map.claim(KEY, { leaseMs: HOUR_MS })).toEqual({ status: 'done' });
  await clock.advance(2 * HOUR_MS);
  const late = openInstance(clock, map);
  expect((await late.deliver(body)).body).toBe(DUPLICATE);
  await settle();
  expect([one.runs, late.runs]).toEqual([[KEY], []]);
});

test('what this process knows is answered without asking the cache', async () => {
  const { map, one } = openTwo();
  await one.deliver(body);
  await settle();
  map.calls.length = 0;
  expect((await one.deliver(body)).body).toBe(DUPLICATE);
  expect(map.calls).toEqual([]);
});

test('a cache that is down is a 503, and the next delivery is taken', async () => {
  const clock = fakeClock();
  const map = sharedMap(clock);
  let down = true;
  const claim: typeof map.claim = async (key, options) => {
    if (down) throw new Error('ECONNREFUSED');
    return map.claim(key, options);
  };
  const shop = openInstance(clock, { ...map, claim });
  const answer = await shop.deliver(body);
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '10']);
  await settle();
  expect(shop.errors).toMatchObject([
    { code: 'store_unavailable', cause: { message: 'ECONNREFUSED' } },
  ]);
  down = false;
  expect((await shop.deliver(body)).status).toBe(200);
  await settle();
  expect(shop.runs).toEqual([KEY]);
});

test('a cache that answers after recordTimeoutMs is a 503, and the event runs once', async () => {
  const clock = fakeClock();
  const map = sharedMap(clock);
  const { opened, open } = gate();
  const claim: typeof map.claim = async (key, options) => {
    await opened;
    return map.claim(key, options);
  };
  const shop = openInstance(clock, { ...map, claim });
  await shop.load();
  const answer = shop.deliver(body);
  await clock.advance(5_000);
  expect((await answer).status).toBe(503);
  open();
  await settle();
  expect((await shop.deliver(body)).body).toBe(DUPLICATE);
  await clock.advance(1_000);
  expect(shop.runs).toEqual([KEY]);
});

test('a completion that fails is written again, and the handler runs once', async () => {
  const clock = fakeClock();
  const map = sharedMap(clock);
  let failures = 3;
  const complete: typeof map.complete = async (key, token) => {
    failures -= 1;
    if (failures >= 0) throw new Error('away');
    return map.complete(key, token);
  };
  const shop = openInstance(clock, { ...map, complete });
  await shop.deliver(body);
  await clock.advance(10_000);
  expect(shop.runs).toEqual([KEY]);
  expect(await map.claim(KEY, { leaseMs: HOUR_MS })).toEqual({ status: 'done' });
});

test('a store that is neither an inbox nor a set of claims is refused at creation', () => {
  // A program in plain JavaScript may leave methods out.
  const lacking = { claim: async () => ({ status: 'done' }) } as unknown as IdempotencyStore;
  const create = () => createQBitFlow({ logger: false, webhookSecret: SECRET, store: lacking });
  expect(thrownBy(create)).toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('an IdempotencyStore (claim, complete, release)'),
  });
});
