import { memoryStore, type DurableStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { openShop, withChanges } from '../../support/shop.js';

const { key: KEY } = payment(1);

/** A shop on a store that gives work and takes no outcome while it is away. */
async function openOn(
  handlers: readonly string[],
  failing: () => string | undefined = () => undefined,
) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const state = { away: false };
  const check = (): void => {
    if (state.away) throw new Error('ECONNREFUSED');
  };
  const store: DurableStore = withChanges(inner, {
    async complete(...given) {
      check();
      return inner.complete(...given);
    },
    async retry(...given) {
      check();
      return inner.retry(...given);
    },
    async bury(...given) {
      check();
      return inner.bury(...given);
    },
    async extend(...given) {
      check();
      return inner.extend(...given);
    },
  });
  const shop = openShop({ clock, store });
  const runs: string[] = [];
  for (const name of handlers)
    shop.kit.on(
      'payment.completed',
      () => {
        runs.push(name);
        state.away = true;
        if (failing() === name) throw new Error('no');
      },
      { name },
    );
  await inner.record(payment(1));
  await shop.kit.start();
  return { ...shop, inner, runs, state };
}

test('a handler that succeeded while the store was away for many leases is not run again', async () => {
  const { clock, inner, runs, state, errors } = await openOn(['ship']);
  await clock.advance(600_000);
  expect(runs).toEqual(['ship']);
  state.away = false;
  await clock.advance(60_000);
  expect(runs).toEqual(['ship']);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done' });
  expect(errors.filter(({ error }) => error.message.includes('poison'))).toEqual([]);
});

test('of two handlers the one that succeeded is not run again, the other is', async () => {
  let failing: string | undefined = 'ship';
  const { clock, inner, runs, state } = await openOn(['mail', 'ship'], () => failing);
  await clock.advance(200_000);
  failing = undefined;
  state.away = false;
  await clock.advance(200_000);
  expect(runs.filter((name) => name === 'mail')).toEqual(['mail']);
  expect(runs.filter((name) => name === 'ship').length).toBeGreaterThan(1);
  state.away = false;
  await clock.advance(200_000);
  expect(await inner.get(KEY)).toMatchObject({ state: 'done' });
});
