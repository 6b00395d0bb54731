import { AsyncLocalStorage } from 'node:async_hooks';
import { memoryStore, type DurableStore } from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

/** What an app keeps for each request: the tenant, the trace, the signed-in user. */
const tenant = new AsyncLocalStorage<string>();

const paymentOf = (name: string) =>
  fixtures.v2['payment.completed']({ id: `evt_${name}`, data: { uuid: `pay@${name}` } });

test.each(['background', 'before-reply'] as const)(
  'a handler runs in no request’s context, whoever brought its delivery (%s)',
  async (processing) => {
    const { kit, clock, deliver } = openShop({ processing });
    const seen: unknown[] = [];
    kit.onAny(() => seen.push(tenant.getStore()));
    const answered = Promise.all(
      ['a', 'b', 'c'].map(async (name) =>
        tenant.run(name, async () => [await deliver(paymentOf(name)), tenant.getStore()]),
      ),
    );
    await settle();
    await clock.advance(200);
    // Each answer is in its own request's context all the same.
    expect((await answered).map(([, own]) => own)).toEqual(['a', 'b', 'c']);
    expect(seen).toEqual([undefined, undefined, undefined]);
  },
);

test('nor in that of the request in which the kit was created, started, replayed or retried', async () => {
  const { kit, clock, deliver, store } = tenant.run('the first request', () => openShop());
  const seen: unknown[] = [];
  let failures = 2;
  kit.on('payment.completed', () => {
    seen.push(tenant.getStore());
    failures -= 1;
    if (failures >= 0) throw new Error('not yet');
  });
  await tenant.run('starts', async () => kit.start());
  await tenant.run('delivers', async () => deliver(paymentOf('a')));
  await settle();
  await tenant.run('turns the clock', async () => clock.advance(10_000));
  expect((await store.get('payment.completed:pay@a'))?.state).toBe('done');
  await tenant.run('replays', async () => kit.deliveries.replay('payment.completed:pay@a'));
  await settle();
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});

test('what a handler enters stays in that handler', async () => {
  const { kit, deliver } = openShop({ handlers: { concurrency: 3 } });
  const seen: unknown[] = [];
  kit.on('payment.completed', async ({ id }) => {
    seen.push(tenant.getStore());
    tenant.enterWith(id);
    await settle(1);
    expect(tenant.getStore()).toBe(id);
  });
  kit.onAny(() => seen.push(tenant.getStore()));
  await Promise.all(['a', 'b', 'c'].map(async (name) => deliver(paymentOf(name))));
  await settle(20);
  await deliver(paymentOf('d'));
  await settle(20);
  expect(seen).toEqual(Array(8).fill(undefined));
});

test('a transaction runs in the context of its handler', async () => {
  const clock = fakeClock();
  const memory = memoryStore({ clock });
  const store: DurableStore = withChanges(memory, {
    transaction: async (work) => work('tx'),
    completeWithin: async (_tx, claim, progress) => memory.complete(claim, progress),
  });
  const { kit, deliver } = openShop({ clock, store });
  const seen: unknown[] = [];
  kit.onAny(async (event, { transaction }) =>
    tenant.run(event.id, async () =>
      transaction(async (tx) => {
        seen.push(tx, tenant.getStore());
      }),
    ),
  );
  await deliver(paymentOf('a'));
  await settle();
  expect(seen).toEqual(['tx', 'evt_a']);
});

test('a listener to errors hears of a refused request in that request’s context', async () => {
  const { kit, deliver } = openShop();
  const seen: unknown[] = [];
  kit.onError(() => seen.push(tenant.getStore()));
  await tenant.run('a', async () => deliver(paymentOf('a'), { secret: 'whsec_of_somebody_else' }));
  await settle();
  expect(seen).toEqual(['a']);
});
