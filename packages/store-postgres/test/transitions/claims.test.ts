import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { eventually } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

type Write = (store: DurableStore, claim: TakenDelivery) => Promise<unknown>;

const transitions: [string, Write][] = [
  ['extend', async (store, claim) => store.extend(claim, { leaseMs: LEASE, succeeded: ['x'] })],
  ['complete', async (store, claim) => store.complete(claim, { succeeded: ['x'] })],
  ['retry', async (store, claim) => store.retry(claim, { delayMs: 0, error: 'x', ...none })],
  ['bury', async (store, claim) => store.bury(claim, { error: 'x', ...none })],
];

await describeOnPostgres('a claim', (database) => {
  test.each(transitions)(
    '%s is lost to a stale token, and changes nothing',
    async (name, write) => {
      const store = database.store();
      await store.record(payment(`stale-${name}`));
      const taken = await takeOne(store);
      const before = await store.get(taken.key);
      expect(await write(store, { ...taken, token: 'another' })).toBe('lost');
      expect(await write(store, { ...taken, key: 'unknown' })).toBe('lost');
      expect(await store.get(taken.key)).toEqual(before);
      await store.complete(taken, none);
      expect(await write(store, taken)).toBe('lost');
    },
  );

  test('extend renews, remembers each name once and counts a start when asked', async () => {
    const store = database.store();
    await store.record(payment('extended'));
    const taken = await takeOne(store, 50);
    await store.extend(taken, { leaseMs: LEASE, succeeded: ['b', 'a', 'b'] });
    await store.extend(taken, { leaseMs: LEASE, succeeded: ['a', 'c'], start: 2 });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await store.get(taken.key)).toMatchObject({ started: 2, succeeded: ['b', 'a', 'c'] });
    expect(await store.complete(taken, { succeeded: ['d'] })).toBe('ok');
    expect(await store.get(taken.key)).toMatchObject({
      state: 'done',
      started: 2,
      finished: 2,
      succeeded: ['b', 'a', 'c', 'd'],
    });
  });

  test('completions of one group are each answered for themselves', async () => {
    const store = database.store();
    for (const name of ['g1', 'g2', 'g3']) await store.record(payment(name));
    const [first, second, third] = await store.takeDue({ limit: 3, leaseMs: LEASE });
    if (!first || !second || !third) throw new Error('three were due');
    const stale = { ...second, token: 'stale' };
    const answers = await Promise.all(
      [first, stale, third, first].map(async (claim, index) =>
        store.complete(claim, { succeeded: [`h${index}`] }),
      ),
    );
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(2);
    expect([answers[1], answers[2]]).toEqual(['lost', 'ok']);
    expect(await store.get(second.key)).toMatchObject({ state: 'running', succeeded: [] });
    expect(await store.get(third.key)).toMatchObject({ state: 'done', succeeded: ['h2'] });
    await store.complete(second, none);
  });

  test('a retry waits its delay, and its error is kept', async () => {
    const store = database.store();
    await store.record(payment('retried'));
    await store.retry(await takeOne(store), { delayMs: 150, error: 'no luck', succeeded: ['a'] });
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await store.get(payment('retried').key)).toMatchObject({
      state: 'due',
      started: 1,
      finished: 1,
      lastError: 'no luck',
    });
    await eventually(async () => {
      const [taken] = await store.takeDue({ limit: 1, leaseMs: LEASE });
      if (taken === undefined) return false;
      expect(taken).toMatchObject({ started: 2, finished: 1, lapsed: false, succeeded: ['a'] });
      return (await store.complete(taken, none)) === 'ok';
    });
  });

  test('handed back uncounted, it is as if it had not been taken, but a crash is not forgotten', async () => {
    const store = database.store();
    const back = { delayMs: 0, counted: false, error: 'shutdown', ...none };
    await store.record(payment('back'));
    await store.retry(await takeOne(store), back);
    expect(await takeOne(store, 0)).toMatchObject({ started: 1, finished: 0, lapsed: false });
    const suspect = await takeOne(store);
    await store.extend(suspect, { leaseMs: LEASE, start: 2, ...none });
    await store.retry(suspect, back);
    const last = await takeOne(store);
    expect(last).toMatchObject({ started: 1, finished: 0, lapsed: true });
    await store.complete(last, none);
  });
});
