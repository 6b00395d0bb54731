import { memoryStore, type ClaimOutcome, type DurableStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const { key: KEY } = payment(1);

/** A merchant's transaction: what was written in it counts from `commit` on. */
interface Transaction {
  readonly writes: (() => Promise<unknown>)[];
  readonly commit: () => Promise<void>;
}

function begin(): Transaction {
  const writes: Transaction['writes'] = [];
  return {
    writes,
    commit: async () => {
      for (const write of writes) await write();
    },
  };
}

const isTransaction = (tx: unknown): tx is Transaction =>
  typeof tx === 'object' && tx !== null && 'writes' in tx;

/** A memory store with transactions: what is written within one happens at its commit, or not at all. */
function transactionalStore(inner: DurableStore): DurableStore {
  return withChanges(inner, {
    async completeWithin(tx, claim, { done, succeeded }): Promise<ClaimOutcome> {
      if (!isTransaction(tx)) throw new Error('not a transaction');
      const { state } = (await inner.get(claim.key)) ?? {};
      if (state !== 'running') return 'lost';
      tx.writes.push(async () =>
        done
          ? inner.complete(claim, { succeeded })
          : inner.extend(claim, { leaseMs: 30_000, succeeded }),
      );
      return 'ok';
    },
  });
}

function openTransactional(changes: Partial<DurableStore> = {}) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const store = withChanges(transactionalStore(inner), changes);
  const shop = openShop({ clock, store });
  return { ...shop, inner };
}

test('the last handler completes the delivery in its own transaction, and nothing is written after it', async () => {
  let completions = 0;
  const { kit, inner, logger } = openTransactional({
    complete: async () => {
      completions += 1;
      return 'lost';
    },
  });
  await inner.record(payment(1));
  kit.on(
    'payment.completed',
    async (_event, context) => {
      const tx = begin();
      await context.completeWithin(tx);
      expect((await inner.get(KEY))?.state).toBe('running');
      await tx.commit();
    },
    { name: 'fulfil' },
  );
  await kit.start();
  await settle();
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
  expect(completions).toBe(0);
  expect(logger.withCode('delivery_completed')).toMatchObject([
    { facts: { key: KEY, attempt: 1 } },
  ]);
});

test('a handler with others after it is remembered in its transaction; the last one completes', async () => {
  const { kit, inner } = openTransactional();
  await inner.record(payment(1));
  const between: unknown[] = [];
  kit.on(
    'payment.completed',
    async (_event, context) => {
      const tx = begin();
      await context.completeWithin(tx);
      await tx.commit();
    },
    { name: 'book' },
  );
  kit.on(
    'payment.completed',
    async () => {
      const { state, succeeded } = (await inner.get(KEY)) ?? {};
      between.push(state, succeeded);
    },
    { name: 'mail' },
  );
  await kit.start();
  await settle();
  expect(between).toEqual(['running', ['book']]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', succeeded: ['book', 'mail'] });
});

test('the last handler does not complete what an earlier one failed', async () => {
  const { kit, inner } = openTransactional();
  await inner.record(payment(1));
  kit.on('payment.completed', function refuse() {
    throw new Error('no');
  });
  kit.on(
    'payment.completed',
    async (_event, context) => {
      const tx = begin();
      await context.completeWithin(tx);
      await tx.commit();
    },
    { name: 'book' },
  );
  await kit.start();
  await settle();
  expect(await inner.get(KEY)).toMatchObject({ state: 'due', finished: 1, succeeded: ['book'] });
});

test('a lost lease throws inside the transaction, so that it is rolled back', async () => {
  const { kit, inner, errors, logger } = openTransactional({
    completeWithin: async () => 'lost',
    complete: async () => 'lost',
    retry: async () => 'lost',
  });
  await inner.record(payment(1));
  const booked: string[] = [];
  kit.on('payment.completed', async ({ key }, context) => {
    const tx = begin();
    tx.writes.push(async () => booked.push(key));
    await context.completeWithin(tx);
    await tx.commit();
  });
  await kit.start();
  await settle();
  expect(booked).toEqual([]);
  expect(errors).toMatchObject([{ error: { code: 'lease_lost', facts: { key: KEY } } }]);
  expect(logger.withCode('delivery_completed')).toEqual([]);
});

test('a transaction that is rolled back after completeWithin is an attempt that failed', async () => {
  const { kit, inner, clock, logger } = openTransactional();
  await inner.record(payment(1));
  const attempts: number[] = [];
  kit.on('payment.completed', async (_event, context) => {
    attempts.push(context.attempt);
    const tx = begin();
    await context.completeWithin(tx);
    if (context.attempt === 1) throw new Error('deadlock detected');
    await tx.commit();
  });
  await kit.start();
  await settle();
  expect(await inner.get(KEY)).toMatchObject({ state: 'due', started: 1, finished: 1 });
  expect(logger.withCode('delivery_completed')).toEqual([]);
  await clock.advance(2_000);
  expect(attempts).toEqual([1, 2]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', started: 2, finished: 2 });
});

test('a handler that throws after its commit does not undo it, and is not called again', async () => {
  const { kit, inner, clock, errors } = openTransactional();
  await inner.record(payment(1));
  let runs = 0;
  kit.on('payment.completed', async (_event, context) => {
    runs += 1;
    const tx = begin();
    await context.completeWithin(tx);
    await tx.commit();
    throw new Error('the log is full');
  });
  await kit.start();
  await clock.advance(120_000);
  expect([runs, (await inner.get(KEY))?.state]).toEqual([1, 'done']);
  expect(errors).toMatchObject([{ error: { message: 'the log is full' } }]);
});

test('what the store throws reaches the handler as it is', async () => {
  const { kit, inner, errors } = openTransactional();
  await inner.record(payment(1));
  kit.on('payment.completed', async (_event, context) => context.completeWithin('a pool'));
  await kit.start();
  await settle();
  expect(errors).toMatchObject([{ error: { message: 'not a transaction' } }]);
  expect((await inner.get(KEY))?.state).toBe('due');
});

/** A store that opens transactions of its own and lets each begin when the test says so. */
function openOwnTransactions(begun: Promise<unknown> = Promise.resolve()) {
  const ends: string[] = [];
  const shop = openTransactional({
    async transaction(work) {
      const tx = begin();
      await begun;
      try {
        const result = await work(tx);
        await tx.commit();
        ends.push('commit');
        return result;
      } catch (error) {
        ends.push('rollback');
        throw error;
      }
    },
  });
  return { ...shop, ends };
}

test('a transaction of the store’s own completes the delivery with what is written in it', async () => {
  const { kit, inner, ends } = openOwnTransactions();
  await inner.record(payment(1));
  const results: unknown[] = [];
  kit.on('payment.completed', async function fulfil(_event, { transaction }) {
    results.push(await transaction(async (tx) => isTransaction(tx)));
  });
  await kit.start();
  await settle();
  expect([results, ends]).toEqual([[true], ['commit']]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', succeeded: ['fulfil'] });
});

test('a transaction of the store’s own is rolled back when its work throws, and completes nothing', async () => {
  const { kit, inner, ends, errors } = openOwnTransactions();
  await inner.record(payment(1));
  kit.on('payment.completed', async (_event, { transaction }) =>
    transaction(async () => {
      throw new Error('no stock');
    }),
  );
  await kit.start();
  await settle();
  expect(ends).toEqual(['rollback']);
  expect(errors).toMatchObject([{ error: { message: 'no stock' } }]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'due', finished: 1, succeeded: [] });
});

test('a transaction that begins after the handler’s time is up does nothing', async () => {
  let letBegin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    letBegin = resolve;
  });
  const { kit, inner, clock, ends } = openOwnTransactions(begun);
  await inner.record(payment(1));
  let ran = 0;
  kit.on('payment.completed', async (_event, { transaction, attempt }) => {
    if (attempt === 1)
      await transaction(async () => {
        ran += 1;
      });
  });
  await kit.start();
  await clock.advance(3_600_000);
  letBegin();
  await settle();
  expect([ran, ends]).toEqual([0, ['rollback']]);
});

test('a store without transactions of its own says so', async () => {
  const { kit, inner, errors } = openTransactional();
  await inner.record(payment(1));
  kit.on('payment.completed', async (_event, context) =>
    context.transaction(async () => undefined),
  );
  await kit.start();
  await settle();
  expect(errors).toMatchObject([
    { error: { code: 'misconfigured', message: expect.stringContaining('no transactions') } },
  ]);
});
