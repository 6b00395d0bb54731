import { memoryStore, type DurableStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { gate, never } from '../support/processes.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const { key: KEY } = payment(1);

/** A shop whose first handler waits, on a store where `changes` may come between. */
async function openBlocked(changes: (inner: DurableStore) => Partial<DurableStore> = () => ({})) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const tokens: string[] = [];
  const store = withChanges(inner, {
    async takeDue(options) {
      // Some stores do not know of excluded subjects: they give back what this very process has.
      const taken = await inner.takeDue({ ...options, exceptSubjects: [] });
      tokens.push(...taken.map(({ token }) => token));
      return taken;
    },
    // The renewals that a blocked event loop misses.
    extend: async () => 'ok',
    ...changes(inner),
  });
  const shop = openShop({ clock, store });
  const { opened, open } = gate();
  const runs: { readonly attempt: number; readonly signal: AbortSignal }[] = [];
  await inner.record(payment(1));
  shop.kit.on('payment.completed', async (_event, { attempt, signal }) => {
    runs.push({ attempt, signal });
    await opened;
  });
  await shop.kit.start();
  await settle();
  return { ...shop, inner, open, runs, tokens };
}

test('a worker that retakes what it still runs does not run it twice, and completes by the new token', async () => {
  const { clock, inner, open, runs, tokens, logger } = await openBlocked();
  await clock.advance(40_000);
  expect(tokens).toHaveLength(2);
  open();
  await clock.advance(5_000);
  expect(runs).toMatchObject([{ attempt: 1 }]);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', started: 1, finished: 1 });
  expect(logger.withCode('lease_lost')).toEqual([]);
});

test('it goes on through several lapses', async () => {
  const { clock, inner, open, runs, tokens } = await openBlocked();
  await clock.advance(100_000);
  expect(tokens.length).toBeGreaterThan(2);
  open();
  await settle();
  expect([runs.length, (await inner.get(KEY))?.state]).toEqual([1, 'done']);
});

test('the signal of its handler stays quiet, and others may start beside it', async () => {
  const { clock, inner, open, runs } = await openBlocked();
  await clock.advance(40_000);
  await inner.record(payment(2));
  await clock.advance(2_000);
  expect(runs.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  open();
  await settle();
  expect((await inner.stats()).done).toBe(2);
});

test('a retry and a burial go by the new token too', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const store = withChanges(inner, {
    extend: async () => 'ok',
    takeDue: async (options) => inner.takeDue({ ...options, exceptSubjects: [] }),
  });
  const shop = openShop({ clock, store, handlers: { maxAttempts: 2 } });
  const gates = [gate(), gate()];
  await inner.record(payment(1));
  shop.kit.on('payment.completed', async (_event, { attempt }) => {
    await gates[attempt - 1]?.opened;
    throw new Error('no');
  });
  await shop.kit.start();
  await clock.advance(40_000);
  gates[0]?.open();
  await clock.advance(40_000);
  expect(await inner.get(KEY)).toMatchObject({ state: 'running', started: 2, finished: 1 });
  gates[1]?.open();
  await settle();
  expect(await inner.get(KEY)).toMatchObject({ state: 'dead', started: 2, finished: 2 });
});

test('a renewal overtaken by its own retaking is no lost lease', async () => {
  const overtaken = gate();
  const { clock, inner, open, runs, logger } = await openBlocked((store) => ({
    async extend(claim, options) {
      // On a server the renewal arrives after the taking that the same process sent.
      const { token } = claim;
      await overtaken.opened;
      return store.extend({ key: claim.key, token }, options);
    },
  }));
  await clock.advance(40_000);
  overtaken.open();
  await settle();
  expect(logger.withCode('lease_lost')).toEqual([]);
  expect(runs.map(({ signal }) => signal.aborted)).toEqual([false]);
  open();
  await settle();
  expect([runs.length, (await inner.get(KEY))?.state]).toEqual([1, 'done']);
});

test('a completion overtaken by its own retaking is written again by the new token', async () => {
  const overtaken = gate();
  const { clock, inner, open, runs, logger } = await openBlocked((store) => ({
    async complete(claim, progress) {
      const { key, token } = claim;
      await overtaken.opened;
      return store.complete({ key, token }, progress);
    },
  }));
  open();
  await clock.advance(40_000);
  overtaken.open();
  await clock.advance(60_000);
  expect([runs.length, (await inner.get(KEY))?.state]).toEqual([1, 'done']);
  expect(logger.withCode('lease_lost')).toEqual([]);
});

test('a delivery that waits for its turn is adopted too, and runs once', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const store = withChanges(inner, {
    extend: async () => 'ok',
    takeDue: async (options) => inner.takeDue({ ...options, exceptSubjects: [] }),
  });
  const shop = openShop({ clock, store });
  const first = gate();
  const begun: string[] = [];
  const { subject } = payment(1);
  await inner.record(payment(1));
  await inner.record(payment(2, { subject }));
  shop.kit.on('payment.completed', async ({ id }) => {
    begun.push(id);
    if (begun.length === 1) await first.opened;
  });
  await shop.kit.start();
  await clock.advance(40_000);
  first.open();
  await clock.advance(5_000);
  expect(begun).toHaveLength(2);
  expect((await inner.stats()).done).toBe(2);
});

test('what another process took is not adopted: the completion is lost', async () => {
  const { clock, inner, open, logger } = await openBlocked((store) => ({
    takeDue: async (options) => ((await store.stats()).due > 0 ? store.takeDue(options) : []),
  }));
  await clock.advance(40_000);
  await inner.takeDue({ limit: 1, leaseMs: 60_000 });
  open();
  await settle();
  expect((await inner.get(KEY))?.state).toBe('running');
  expect(logger.withCode('lease_lost')).toMatchObject([{ facts: { key: KEY, attempt: 1 } }]);
});

test('a handler that never ends does not hold close() for ever after an adoption', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const shop = openShop({ clock, store: withChanges(inner, { extend: async () => 'ok' }) });
  await inner.record(payment(1));
  shop.kit.on('payment.completed', never);
  await shop.kit.start();
  await clock.advance(40_000);
  const closing = shop.kit.close();
  await clock.advance(11_000);
  await expect(closing).resolves.toBeUndefined();
});

test('a store that knows of excluded subjects never gives back what this process still runs', async () => {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const shop = openShop({ clock, store: withChanges(inner, { extend: async () => 'ok' }) });
  const { opened, open } = gate();
  let runs = 0;
  await inner.record(payment(1));
  shop.kit.on('payment.completed', async () => {
    runs += 1;
    await opened;
  });
  await shop.kit.start();
  await clock.advance(100_000);
  expect([runs, (await inner.get(KEY))?.started]).toEqual([1, 1]);
  open();
  await settle();
  expect(await inner.get(KEY)).toMatchObject({ state: 'done', started: 1, finished: 1 });
});
