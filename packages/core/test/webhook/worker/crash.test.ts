import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { never, openMachine } from '../../support/processes.js';
import { settle } from '../../support/settle.js';

test('what a crashed process had begun is run by another once its lease has lapsed', async () => {
  const { boot, clock, store } = openMachine();
  const first = await boot((kit) => kit.on('payment.completed', never));
  await store.record(payment(1));
  await clock.advance(1_000);
  first.kill();
  const attempts: number[] = [];
  await boot((kit) => kit.on('payment.completed', (_event, { attempt }) => attempts.push(attempt)));
  await clock.advance(20_000);
  expect(attempts).toEqual([]);
  await clock.advance(15_000);
  expect(attempts).toEqual([2]);
  expect(await store.get(payment(1).key)).toMatchObject({ state: 'done', started: 2, finished: 2 });
});

test('a process that lives keeps its deliveries, however long handlers take', async () => {
  const { boot, clock, store } = openMachine();
  let runs = 0;
  const run = async () => {
    runs += 1;
    await never();
  };
  await boot((kit) => kit.on('payment.completed', run));
  await store.record(payment(1));
  await clock.advance(1_000);
  await boot((kit) => kit.on('payment.completed', run));
  await clock.advance(300_000);
  expect(runs).toBe(1);
});

test('a crash between two handlers does not repeat the first', async () => {
  const { boot, clock, store } = openMachine();
  const order: string[] = [];
  const first = await boot((kit) => {
    kit.on('payment.completed', () => order.push('mail'), { name: 'mail' });
    kit.on('payment.completed', never, { name: 'ship' });
  });
  await store.record(payment(1));
  await clock.advance(1_000);
  first.kill();
  await boot((kit) => {
    kit.on('payment.completed', () => order.push('mail'), { name: 'mail' });
    kit.on('payment.completed', () => order.push('ship'), { name: 'ship' });
  });
  await clock.advance(60_000);
  expect(order).toEqual(['mail', 'ship']);
});

test('suspects run one after the other, fresh work waits until the first has proved harmless', async () => {
  const { boot, clock, store } = openMachine();
  const first = await boot((kit) => kit.on('payment.completed', never));
  for (const number of [1, 2]) await store.record(payment(number));
  await clock.advance(1_000);
  first.kill();
  await clock.advance(31_000);
  for (const number of [3, 4]) await store.record(payment(number));
  const begun: string[] = [];
  await boot((kit) =>
    kit.on('payment.completed', async ({ key }) => {
      begun.push(key);
      await never();
    }),
  );
  await settle();
  expect(begun).toEqual([payment(1).key]);
  await clock.advance(2_000);
  expect(begun).toEqual([1, 3, 4].map((number) => payment(number).key));
});

test('an attempt that outlives its lease does not count, and is told to stop', async () => {
  const { boot, clock, store } = openMachine();
  const signals: AbortSignal[] = [];
  const slow = await boot((kit) =>
    kit.on('payment.completed', async (_event, { signal }) => {
      signals.push(signal);
      await never();
    }),
  );
  await store.record(payment(1));
  await clock.advance(1_000);
  const renew = store.extend.bind(store);
  // Another process has it now, as after a pause of this one.
  store.extend = async () => 'lost';
  slow.logger.lines.length = 0;
  await clock.advance(10_000);
  expect(signals[0]?.aborted).toBe(true);
  expect(slow.logger.withCode('lease_lost')).toMatchObject([{ level: 'warn' }]);
  store.extend = renew;
});

test('a completion that comes too late is logged as lost and changes nothing', async () => {
  const { boot, clock, store } = openMachine();
  let end: () => void = () => undefined;
  const late = await boot((kit) =>
    kit.on(
      'payment.completed',
      async () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    ),
  );
  await store.record(payment(1));
  await clock.advance(1_000);
  const complete = store.complete.bind(store);
  store.complete = async (claim, progress) => complete({ ...claim, token: 'stale' }, progress);
  end();
  await settle();
  expect(late.logger.withCode('lease_lost')).toHaveLength(1);
  expect(late.logger.withCode('delivery_completed')).toHaveLength(0);
  expect(await store.get(payment(1).key)).toMatchObject({ state: 'running' });
});
