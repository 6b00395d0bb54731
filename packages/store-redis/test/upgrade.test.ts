import { randomUUID } from 'node:crypto';
import type { ListFilter } from '@qbitflow/core';
import type { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS, REDIS_URL, removeKeys } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { version1, type OldClaim } from './support/version-1.js';
import { pass, rejectionOf } from './support/waiting.js';

const HOUR_MS = 3_600_000;
const take = { limit: 50, leaseMs: HOUR_MS };

function claimOf(claims: readonly OldClaim[], number: number): OldClaim {
  const claim = claims.find(({ key }) => key === keyOf(number));
  if (claim === undefined) throw new Error(`delivery ${number} was not taken`);
  return claim;
}

/** An installation of the version before with a delivery in every state: 1 done, 2 retried, 3 waiting, 4 and 5 dead, 6 lapsed, 7 running, 8 due. */
async function oldInstallation(redis: Redis, prefix: string) {
  const old = version1(redis, prefix);
  for (const number of [1, 2, 3, 4, 6, 7])
    // oxlint-disable-next-line no-await-in-loop -- in the order of their numbers
    await old.record(payment(number));
  await old.record(payment(5, { dead: 'unreadable' }));
  const claims = await old.takeDue(10, 0);
  await old.complete(claimOf(claims, 1));
  await old.retry(claimOf(claims, 2), 0);
  await old.retry(claimOf(claims, 3), HOUR_MS);
  await old.bury(claimOf(claims, 4));
  await old.extend(claimOf(claims, 6), 1);
  await old.extend(claimOf(claims, 7), HOUR_MS);
  await old.record(payment(8, { source: 'return' }));
  await pass(5);
  return { old, claims };
}

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s, upgraded in place', (library) => {
  async function upgrade() {
    const prefix = `test-${randomUUID()}`;
    const admin = adminOf(REDIS_URL);
    onTestFinished(async () => removeKeys(prefix));
    const before = await oldInstallation(admin, prefix);
    const open = async () => openStore(library, REDIS_URL, { prefix });
    return { ...before, admin, prefix, open };
  }

  test('every state is as it was, nothing is lost and nothing doubled', async () => {
    const { open } = await upgrade();
    const at = Date.now();
    const stores = await Promise.all([open(), open(), open()]);
    await Promise.all(stores.map(async (store) => store.init?.()));
    const [store] = stores;
    expect(await store.stats()).toMatchObject({ due: 3, running: 2, done: 1, dead: 2 });
    expect((await store.list({})).items).toHaveLength(8);
    expect(await store.knownSince()).toBeGreaterThanOrEqual(at - 1_000);
    expect(await store.get(keyOf(1))).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
    expect(await store.get(keyOf(5))).toMatchObject({ state: 'dead', lastError: 'unreadable' });
    const taken = await store.takeDue(take);
    expect(
      taken.map(({ key, started, finished, lapsed }) => ({ key, started, finished, lapsed })),
    ).toEqual(
      expect.arrayContaining([
        { key: keyOf(2), started: 2, finished: 1, lapsed: false },
        { key: keyOf(6), started: 1, finished: 0, lapsed: true },
        { key: keyOf(8), started: 1, finished: 0, lapsed: false },
      ]),
    );
    expect(taken).toHaveLength(3);
    expect(await store.takeDue(take)).toEqual([]);
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'done' });
    expect(await store.record(payment(8))).toEqual({ status: 'duplicate', state: 'running' });
    expect((await store.get(keyOf(8)))?.webhook?.id).toBe('evt_8');
    expect(await store.replay(keyOf(4))).toBe(true);
    expect(await store.replay(keyOf(1))).toBe(true);
    expect(await store.discard(keyOf(5))).toBe(true);
    const replayed = (await store.takeDue(take)).map(({ key }) => key);
    expect(new Set(replayed)).toEqual(new Set([keyOf(1), keyOf(4)]));
    expect(await store.record(payment(9))).toEqual({ status: 'recorded' });
    const newest = await store.list({ limit: 1 });
    expect(newest.items.map(({ key }) => key)).toEqual([keyOf(9)]);
  });

  test('without init too, whichever method is first', async () => {
    const { open } = await upgrade();
    const store = await open();
    const taken = await store.takeDue(take);
    expect(new Set(taken.map(({ key }) => key))).toEqual(new Set([keyOf(2), keyOf(6), keyOf(8)]));
  });

  test('an old process beside records nothing and prunes nothing', async () => {
    const { old, open } = await upgrade();
    const store = await open();
    await store.init?.();
    expect(String(await rejectionOf(old.record(payment(20))))).toMatch(/WRONGTYPE/);
    expect(await store.record(payment(20))).toEqual({ status: 'recorded' });
    expect(await old.record(payment(20))).toEqual(['due']);
    expect(await old.prune()).toBe(0);
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'done' });
  });

  test('an old process beside finishes what it holds, and nobody else takes it', async () => {
    const { old, claims, open } = await upgrade();
    const store = await open();
    await store.init?.();
    const lapsed = claimOf(claims, 6);
    const running = claimOf(claims, 7);
    expect(await old.extend(lapsed, HOUR_MS)).toBe(1);
    const first = await store.takeDue(take);
    expect(new Set(first.map(({ key }) => key))).toEqual(new Set([keyOf(2), keyOf(8)]));
    expect(await old.complete(lapsed)).toEqual([1]);
    expect(await old.retry(running, 0)).toBe(1);
    expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(7)]);
    expect(await old.complete(running)).toEqual([0]);
    expect(await store.stats()).toMatchObject({ due: 1, running: 3, done: 2, dead: 2 });
    expect(await old.replay(keyOf(4))).toBe(1);
    expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(4)]);
    expect(await store.takeDue(take)).toEqual([]);
    expect(await store.stats()).toMatchObject({ due: 1, running: 4, done: 2, dead: 1 });
  });

  test('work that an old process takes beside is not taken twice', async () => {
    const { old, claims, open } = await upgrade();
    const store = await open();
    await store.init?.();
    // Old processes still see what old processes hand back.
    await old.retry(claimOf(claims, 7), 0);
    const [taken] = await old.takeDue(1, HOUR_MS);
    expect(taken?.key).toBe(keyOf(7));
    const keys = (await store.takeDue(take)).map(({ key }) => key);
    expect(keys).not.toContain(keyOf(7));
    expect(await store.stats()).toMatchObject({ running: 1 + keys.length });
  });

  test('data of a newer version is refused, and left alone', async () => {
    const { admin, prefix, open } = await upgrade();
    const store = await open();
    await store.init?.();
    await admin.hset(`{${prefix}}:2:meta`, 'version', '3');
    const refused = {
      code: 'misconfigured',
      message: expect.stringMatching(/upgrade this process/),
    };
    expect(await rejectionOf(store.record(payment(30)))).toMatchObject(refused);
    expect(await rejectionOf(store.takeDue(take))).toMatchObject(refused);
    expect(await rejectionOf(store.init?.() ?? Promise.resolve())).toMatchObject(refused);
  });

  test('what a version without indexes has recorded is found by every list', async () => {
    const { admin, prefix, open } = await upgrade();
    const store = await open();
    await store.init?.();
    await store.record(payment(20, { type: 'refund.completed' }));
    // That version keeps everything else as it is.
    const keys = await admin.keys(`{${prefix}}:2:*`);
    const indexes = keys.filter((key) => /:2:(?:bits|chunks|kinds|subjects)/.test(key));
    expect(indexes).not.toEqual([]);
    await admin.del(...indexes);
    await admin.hdel(`{${prefix}}:2:meta`, 'indexed', 'unindexedFrom', 'unindexedTo');
    const keysOf = async (filter: ListFilter) =>
      (await store.list(filter)).items.map(({ key }) => key);
    expect(await keysOf({ type: 'refund.completed' })).toEqual([keyOf(20)]);
    expect(await keysOf({ subject: 'pay@8' })).toEqual([keyOf(8)]);
    expect(await keysOf({ type: 'payment.completed', state: 'done' })).toEqual([keyOf(1)]);
    // It also records beside this one, and counts on.
    await store.record(payment(21));
    const meta = `{${prefix}}:2:meta`;
    await admin.hincrby(meta, 'indexed', -1);
    await admin.del(`{${prefix}}:2:bits:type:payment.completed\n0`);
    await store.record(payment(22));
    expect((await keysOf({ type: 'payment.completed' })).slice(0, 2)).toEqual([22, 21].map(keyOf));
  });
});
