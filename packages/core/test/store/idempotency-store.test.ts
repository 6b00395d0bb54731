import { createQBitFlow, type IdempotencyStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { gate } from '../support/processes.js';
import { thrownBy } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { SECRET } from '../support/shop.js';
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

test('what one instance has claimed the other answers 200 and does not run', async () => {
  const { one, other } = openTwo();
  const answers = [await one.deliver(body), await other.deliver(body)];
  await settle();
  expect(answers.map((answer) => [answer.status, answer.body])).toEqual([
    [200, '{"received":true}'],
    [200, DUPLICATE],
  ]);
  expect([one.runs, other.runs]).toEqual([[KEY], []]);
});

test('of many deliveries to two instances at once one runs', async () => {
  const { one, other } = openTwo();
  const answers = await Promise.all([one, other, one, other].map(({ deliver }) => deliver(body)));
  await settle();
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect([...one.runs, ...other.runs]).toEqual([KEY]);
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
  const create = () => createQBitFlow({ webhookSecret: SECRET, store: lacking });
  expect(thrownBy(create)).toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('an IdempotencyStore (claim, complete, release)'),
  });
});
