import { AsyncLocalStorage } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createQBitFlow, groupCommit, memoryStore, type DurableStore } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { settle } from '../support/settle.js';
import { openShop, post, SECRET } from '../support/shop.js';
import {
  asksForEvents,
  openLiveShop,
  passUntil,
  pathOf,
  until,
} from '../status/support/live-shop.js';

const tenant = new AsyncLocalStorage<unknown>();

/** Names of the methods that a store was called by, each with the context it was called in. */
function watchedStore(clock = fakeClock()) {
  const seen: [string, unknown][] = [];
  const store = memoryStore({ clock });
  const names = Object.keys(store).filter(
    (name): name is keyof DurableStore => typeof Reflect.get(store, name) === 'function',
  );
  const watched = Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]): unknown => {
        seen.push([name, tenant.getStore()]);
        return Reflect.apply(Reflect.get(store, name) as () => unknown, store, args);
      },
    ]),
  );
  return { clock, seen, store: { ...store, ...watched, init: async () => undefined } };
}

test('a store is called in nobody’s context, whatever a request asks for', async () => {
  const { clock, seen, store } = watchedStore();
  const { kit, deliver } = openShop({ clock, store, processing: 'before-reply' });
  kit.on('payment.completed', () => undefined);
  await tenant.run('a', async () => {
    const answered = deliver(fixtures.v2['payment.completed']());
    await settle();
    await clock.advance(1_000);
    await answered;
    await kit.deliveries.list();
    await kit.deliveries.stats();
    await kit.deliveries.replay('payment.completed:pay@none');
  });
  await clock.advance(120_000);
  expect(seen.map(([name]) => name)).toEqual(
    expect.arrayContaining(['record', 'takeDue', 'complete', 'list', 'stats', 'prune']),
  );
  expect(seen.filter(([, context]) => context !== undefined)).toEqual([]);
});

test('what is committed together is written in nobody’s context, and answered in each one’s own', async () => {
  const writes: unknown[] = [];
  const commit = groupCommit(async (items: readonly string[]) => {
    writes.push(tenant.getStore());
    return items.map(() => tenant.getStore());
  });
  const answered = ['a', 'b'].map(async (name) =>
    tenant.run(name, async () => [await commit(name), tenant.getStore()]),
  );
  expect(await Promise.all(answered)).toEqual([
    [undefined, 'a'],
    [undefined, 'b'],
  ]);
  expect(writes).toEqual([undefined]);
});

test('the API is asked for all viewers in nobody’s context; each hears the answer in its own', async () => {
  const asked: unknown[] = [];
  const { api, clock, open } = await openLiveShop({
    fetch: async (...args) => {
      asked.push(tenant.getStore());
      return globalThis.fetch(...args);
    },
  });
  api.set('pay@a', { status: 'created' });
  const heard: [string, unknown][] = [];
  for (const name of ['first', 'second'])
    await tenant.run(name, async () => {
      const { stream } = await open(pathOf('pay@a'), asksForEvents);
      // Heartbeats come when the clock is turned, here by somebody else.
      stream?.on('data', (chunk: unknown) => {
        if (String(chunk).includes('event: status')) heard.push([name, tenant.getStore()]);
      });
    });
  await until(() => heard.length === 2);
  api.set('pay@a', { status: 'completed' });
  await tenant.run('turns the clock', async () => passUntil(clock, () => heard.length === 4));
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((context) => context !== undefined)).toEqual([]);
  expect(heard.toSorted(([a], [b]) => a.localeCompare(b))).toEqual([
    ['first', 'first'],
    ['first', 'first'],
    ['second', 'second'],
    ['second', 'second'],
  ]);
});

test('what a request kept for itself can be collected when it is over, while the kit polls on', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const kit = createQBitFlow({
    webhookSecret: SECRET,
    logger: false,
    handlers: { pollIntervalMs: 20 },
  });
  onTestFinished(async () => kit.close());
  const handled = vi.fn<() => void>();
  kit.onAny(handled);
  const states: WeakRef<object>[] = [];
  // It opens the store, and wakes the worker that polls from then on.
  await (async () => {
    const state = { tenant: 'a' };
    states.push(new WeakRef(state));
    const body = fixtures.v2['payment.completed']();
    const delivery = post(signDelivery({ version: 'v2', secret: SECRET, body }));
    await tenant.run(state, async () => kit.handleWebhook(delivery));
  })();
  await vi.waitFor(() => expect(handled).toHaveBeenCalled());
  await vi.waitFor(
    () => {
      collect();
      expect(states[0]?.deref()).toBeUndefined();
    },
    { timeout: 15_000, interval: 50 },
  );
});
