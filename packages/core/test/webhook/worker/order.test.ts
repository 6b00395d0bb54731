import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { gate, never, openMachine } from '../../support/processes.js';
import { settle } from '../../support/settle.js';

const subject = payment(1).subject;

test('two events of one transaction never run at once; others pass them by', async () => {
  const { boot, clock, store } = openMachine();
  const first = gate();
  const begun: string[] = [];
  await store.record(payment(1, { subject }));
  await store.record(payment(2, { subject }));
  await store.record(payment(3));
  await boot((kit) =>
    kit.on('payment.completed', async ({ key }) => {
      begun.push(key);
      if (key === payment(1).key) await first.opened;
    }),
  );
  await clock.advance(10_000);
  expect(begun).toEqual([payment(1).key, payment(3).key]);
  first.open();
  await settle();
  expect(begun).toEqual([payment(1).key, payment(3).key, payment(2).key]);
});

test('the next event of a transaction starts after one that failed, too', async () => {
  const { boot, store } = openMachine();
  const begun: string[] = [];
  await store.record(payment(1, { subject }));
  await store.record(payment(2, { subject }));
  await boot((kit) =>
    kit.on('payment.completed', ({ key }) => {
      begun.push(key);
      throw new Error('no');
    }),
  );
  await settle();
  expect(begun).toEqual([payment(1).key, payment(2).key]);
});

test('no more than `concurrency` deliveries are in hand while handlers are slow, and all are done in the end', async () => {
  const { boot, clock, store } = openMachine();
  for (let number = 1; number <= 20; number += 1) await store.record(payment(number));
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  await boot(
    (kit) =>
      kit.on('payment.completed', async () => {
        running += 1;
        most = Math.max(most, running);
        const { opened, open } = gate();
        gates.push(open);
        await opened;
        running -= 1;
      }),
    { concurrency: 3 },
  );
  await settle();
  expect([running, (await store.stats()).running]).toEqual([3, 3]);
  while (gates.length > 0) {
    await clock.advance(500);
    gates.shift()?.();
    await settle();
    expect((await store.stats()).running).toBeLessThanOrEqual(3);
  }
  await clock.advance(1_000);
  expect([most, (await store.stats()).done]).toEqual([3, 20]);
});

test('with a concurrency of one, one hanging handler does not stop the process from closing', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit } = await boot((one) => one.on('payment.completed', never), { concurrency: 1 });
  await settle();
  const closing = kit.close();
  await clock.advance(11_000);
  await expect(closing).resolves.toBeUndefined();
});
