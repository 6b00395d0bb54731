import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { never, openMachine } from '../support/processes.js';
import { settle } from '../support/settle.js';
import { watchDiagnostics } from './watch-diagnostics.js';

const { key } = payment(1);

test('an attempt that succeeds is started and completed', async () => {
  const { boot, store } = openMachine();
  await store.record(payment(1));
  const messages = watchDiagnostics();
  const { logger } = await boot((kit) => kit.onAny(() => undefined));
  await settle();
  expect(messages).toEqual([
    { code: 'delivery_started', key, attempt: 1 },
    { code: 'delivery_completed', key, attempt: 1 },
  ]);
  expect(logger.withCode('delivery_started')).toMatchObject([{ level: 'debug' }]);
  expect(logger.withCode('delivery_completed')).toMatchObject([{ level: 'debug' }]);
});

test('one that fails is retried, with its reason and the wait; the last one is buried', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const messages = watchDiagnostics();
  const { logger } = await boot(
    (kit) =>
      kit.on(
        'payment.completed',
        () => {
          throw new Error('no');
        },
        { name: 'fulfil' },
      ),
    { maxAttempts: 2 },
  );
  await clock.advance(5_000);
  expect(messages).toEqual([
    { code: 'delivery_started', key, attempt: 1 },
    { code: 'delivery_retried', key, attempt: 1, delayMs: 1_000, reason: 'fulfil: no' },
    { code: 'delivery_started', key, attempt: 2 },
    { code: 'delivery_buried', key, attempt: 2, reason: 'fulfil: no' },
  ]);
  expect(logger.withCode('delivery_retried')).toMatchObject([{ level: 'info' }]);
  expect(logger.withCode('delivery_buried')).toMatchObject([{ level: 'error' }]);
});

test('what is handed back at shutdown is released', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const { kit, logger } = await boot((one) =>
    one.onAny(
      async (_event, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('stopped'));
          });
        }),
    ),
  );
  await settle();
  const messages = watchDiagnostics();
  const closing = kit.close();
  await clock.advance(11_000);
  await closing;
  const reason = 'the process was shutting down';
  expect(messages).toEqual([{ code: 'delivery_released', key, attempt: 1, delayMs: 0, reason }]);
  expect(logger.withCode('delivery_released')).toMatchObject([{ level: 'info' }]);
});

test('a completion that comes too late is a lost lease, and no completion', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  let end: () => void = () => undefined;
  const late = await boot((kit) =>
    kit.onAny(
      async () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    ),
  );
  await settle();
  const messages = watchDiagnostics();
  store.complete = async () => 'lost';
  end();
  await settle();
  expect(messages).toEqual([{ code: 'lease_lost', key, attempt: 1 }]);
  expect(late.logger.withCode('lease_lost')).toMatchObject([{ level: 'warn' }]);
  await clock.advance(1);
});

test('a delivery that ended its process too often is buried without being started', async () => {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  for (let starts = 0; starts < 3; starts += 1) {
    const victim = await boot((kit) => kit.onAny(never));
    await clock.advance(1_000);
    victim.kill();
    await clock.advance(30_000);
  }
  const messages = watchDiagnostics();
  await boot((kit) => kit.onAny(() => undefined));
  await settle();
  expect(messages).toMatchObject([
    {
      code: 'delivery_buried',
      key,
      attempt: 3,
      reason: expect.stringContaining('started 3 times and never finished'),
    },
  ]);
});
