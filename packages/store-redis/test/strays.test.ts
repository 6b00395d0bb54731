import { createHash } from 'node:crypto';
import type { DeliveryPage, DurableStore, TakenDelivery } from '@qbitflow/core';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { pass, rejectionOf } from './support/waiting.js';

const HOUR_MS = 3_600_000;
const take = { limit: 50, leaseMs: HOUR_MS };
const KIND = 'payment.completed';
/** Where the tombstone of delivery 1 goes. */
const BUCKET = `2:gone:${createHash('sha256').update(keyOf(1)).digest().readUInt16BE() % 8_192}`;
/** Where the deliveries of the subject of 7 are found. */
const SUBJECT_7 = `2:subjects:0:${createHash('sha1').update('pay@7').digest().readUInt16BE() % 1_024}`;

async function open() {
  const { url } = await startServer();
  return { store: await openStore('ioredis', url, { prefix: 'shop' }), admin: adminOf(url) };
}

function claimOf(taken: readonly TakenDelivery[], number: number): TakenDelivery {
  const claim = taken.find(({ key }) => key === keyOf(number));
  if (claim === undefined) throw new Error(`delivery ${number} was not taken`);
  return claim;
}

/** 1 done, 2 dead, 3 waiting, 4 running, 5 lapsed and put in line, 6 lapsed and handed back, 7 due, 8 pruned, 10 behind 7. */
async function everyState(store: DurableStore): Promise<void> {
  for (let number = 1; number <= 6; number += 1)
    // oxlint-disable-next-line no-await-in-loop -- in the order of their numbers
    await store.record(payment(number));
  await store.record(payment(8));
  const taken = await store.takeDue({ limit: 50, leaseMs: 1 });
  await store.complete(claimOf(taken, 8), { succeeded: [] });
  await store.prune({ doneForMs: 0, limit: 10 });
  await store.complete(claimOf(taken, 1), { succeeded: [] });
  await store.bury(claimOf(taken, 2), { error: 'x', succeeded: [] });
  await store.retry(claimOf(taken, 3), { delayMs: HOUR_MS, error: 'x', succeeded: [] });
  await store.extend(claimOf(taken, 4), { leaseMs: HOUR_MS, succeeded: [] });
  await pass(5);
  const again = await store.takeDue({ ...take, exceptSubjects: ['pay@5'] });
  const back = { delayMs: 0, error: 'x', succeeded: [], counted: false };
  await store.retry(claimOf(again, 6), back);
  await store.record(payment(7));
  await store.record(payment(10, { subject: 'pay@7' }));
}

const STATS = { due: 4, running: 2, done: 1, dead: 1 };

/** Every key that is no delivery, as a server that evicts may drop it. */
const KEYS = [
  'all',
  '2:types',
  `2:due:${KIND}`,
  `2:wait:${KIND}`,
  `2:fresh:${KIND}`,
  `2:fresh-first:${KIND}`,
  `2:fresh:${KIND}\npay@7`,
  `2:lapsed:${KIND}`,
  `2:lapsed-first:${KIND}`,
  '2:running',
  '2:lapsed',
  '2:done',
  '2:dead',
  '2:meta',
  '2:kinds',
  `2:chunks:type:${KIND}`,
  '2:chunks:due',
  `2:bits:type:${KIND}\n0`,
  '2:bits:due\n0',
  SUBJECT_7,
];

const keysOf = ({ items }: DeliveryPage) => items.map(({ key }) => key);

describe.skipIf(!HAS_REDIS)('a server that evicts', () => {
  test.each(KEYS)('%j: whatever was in it is back after pruning', async (name) => {
    const { store, admin } = await open();
    await everyState(store);
    expect(await store.stats()).toMatchObject(STATS);
    expect(await admin.del(`{shop}:${name}`)).toBe(1);
    await store.prune({ doneForMs: Infinity, limit: 10 });
    expect(await store.stats()).toMatchObject(STATS);
    expect((await store.list({})).items).toHaveLength(8);
    expect((await store.list({ type: KIND })).items).toHaveLength(8);
    expect(keysOf(await store.list({ type: KIND, state: 'done' }))).toEqual([keyOf(1)]);
    expect(keysOf(await store.list({ state: 'due' }))).toEqual([10, 7, 6, 3].map(keyOf));
    expect(keysOf(await store.list({ subject: 'pay@7' }))).toEqual([keyOf(10), keyOf(7)]);
    const keys = (await store.takeDue(take)).map(({ key }) => key);
    expect(new Set(keys)).toEqual(new Set([5, 6, 7].map(keyOf)));
    expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(10)]);
    expect(await store.takeDue(take)).toEqual([]);
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 10])
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      expect(await store.record(payment(number))).toMatchObject({ status: 'duplicate' });
    expect(await store.record(payment(9))).toEqual({ status: 'recorded' });
    expect((await store.list({ limit: 1 })).items.map(({ key }) => key)).toEqual([keyOf(9)]);
  });

  test('tombstones that are gone: what is older than now is not known any more', async () => {
    const { store, admin } = await open();
    await everyState(store);
    const since = await store.knownSince();
    const [bucket] = await admin.keys('{shop}:2:gone:*');
    if (bucket === undefined) throw new Error('there is no tombstone');
    await pass(5);
    await admin.del(bucket);
    await store.prune({ doneForMs: Infinity, limit: 10 });
    expect(await store.knownSince()).toBeGreaterThan(since);
  });

  test('nothing at all is left: it is a new store, and says so', async () => {
    const { store, admin } = await open();
    await everyState(store);
    const since = await store.knownSince();
    await pass(5);
    await admin.flushall();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    expect(await store.knownSince()).toBeGreaterThan(since);
    expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(1)]);
  });
});

/** Sets something of another program under the name, and takes it away again. */
async function inTheWayOf(
  admin: Redis,
  name: string,
  transition: () => Promise<unknown>,
): Promise<unknown> {
  await admin.set(`{shop}:${name}`, 'of another program');
  const outcome = await rejectionOf(transition());
  await admin.del(`{shop}:${name}`);
  return outcome;
}

const NAMED = {
  code: 'store_unavailable',
  message: expect.stringMatching(/another program uses keys under this prefix/),
};

describe.skipIf(!HAS_REDIS)(
  'keys of another program in the way of a transition change nothing',
  () => {
    test.each([
      'all',
      '2:types',
      `2:due:${KIND}`,
      `2:fresh:${KIND}`,
      `2:fresh-first:${KIND}`,
      '2:done',
    ])('record: %j', async (name) => {
      const { store, admin } = await open();
      await store.init?.();
      expect(await inTheWayOf(admin, name, async () => store.record(payment(1)))).toMatchObject(
        NAMED,
      );
      expect(await admin.exists(`{shop}:delivery:${keyOf(1)}`)).toBe(0);
      expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
      expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(1)]);
    });

    test('record: only the one whose own name is taken', async () => {
      const { store, admin } = await open();
      await store.init?.();
      await admin.set(`{shop}:delivery:${keyOf(1)}`, 'of another program');
      const both = [store.record(payment(1)), store.record(payment(2))] as const;
      expect(await rejectionOf(both[0])).toMatchObject(NAMED);
      expect(await both[1]).toEqual({ status: 'recorded' });
    });

    test.each(['2:running', '2:lapsed'])('takeDue: %j', async (name) => {
      const { store, admin } = await open();
      await store.record(payment(1));
      expect(await inTheWayOf(admin, name, async () => store.takeDue(take))).toMatchObject(NAMED);
      expect((await store.takeDue(take)).map(({ key }) => key)).toEqual([keyOf(1)]);
    });

    const back = { error: 'x', succeeded: [] };
    test.each<[string, (store: DurableStore, claim: TakenDelivery) => Promise<unknown>]>([
      ['2:done', async (store, claim) => store.complete(claim, { succeeded: [] })],
      ['2:dead', async (store, claim) => store.bury(claim, back)],
      [`2:wait:${KIND}`, async (store, claim) => store.retry(claim, { ...back, delayMs: 9 })],
      [`2:due:${KIND}`, async (store, claim) => store.retry(claim, { ...back, delayMs: 9 })],
      [`2:fresh:${KIND}`, async (store, claim) => store.retry(claim, { ...back, delayMs: 0 })],
      [
        `2:fresh:${KIND}\npay@1`,
        async (store, claim) => store.retry(claim, { ...back, delayMs: 0 }),
      ],
      ['2:lapsed', async (store, claim) => store.extend(claim, { leaseMs: 9, succeeded: [] })],
    ])('a taken delivery: %j', async (name, transition) => {
      const { store, admin } = await open();
      await store.record(payment(1));
      const claim = claimOf(await store.takeDue(take), 1);
      const outcome = await inTheWayOf(admin, name, async () => transition(store, claim));
      expect(outcome).toMatchObject(NAMED);
      expect(await store.stats()).toMatchObject({ due: 0, running: 1, done: 0, dead: 0 });
      expect(await transition(store, claim)).toBe('ok');
    });

    test.each([BUCKET, `2:due:${KIND}`, `2:fresh:${KIND}\npay@1`])(
      'a dead letter: %j',
      async (name) => {
        const { store, admin } = await open();
        await store.record(payment(1, { dead: 'unreadable' }));
        const transition = async () =>
          name === BUCKET ? store.discard(keyOf(1)) : store.replay(keyOf(1));
        expect(await inTheWayOf(admin, name, transition)).toMatchObject(NAMED);
        expect(await store.stats()).toMatchObject({ dead: 1, due: 0 });
        expect(await transition()).toBe(true);
      },
    );

    test.each([BUCKET, '2:unhandled'])('a done one that is pruned: %j', async (name) => {
      const { store, admin } = await open();
      await store.record(payment(1));
      await store.complete(claimOf(await store.takeDue(take), 1), { succeeded: [] });
      const prune = async () => store.prune({ doneForMs: 0, limit: 10 });
      expect(await inTheWayOf(admin, name, prune)).toMatchObject(NAMED);
      expect(await store.get(keyOf(1))).toMatchObject({ state: 'done' });
      expect(await prune()).toBe(1);
    });
  },
);
