import type { QBitFlow } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { openMachine } from '../../support/processes.js';

const { key: KEY } = payment(1);

/** Runs `before` until its failing handler has failed once, kills the process, and boots `after`. */
async function deploy(before: (kit: QBitFlow) => void, after: (kit: QBitFlow) => void) {
  const { boot, clock, store } = openMachine();
  await store.record(payment(1));
  const first = await boot(before);
  await clock.advance(500);
  expect(await store.get(KEY)).toMatchObject({ state: 'due', finished: 1 });
  first.kill();
  await boot(after);
  await clock.advance(10_000);
  expect(await store.get(KEY)).toMatchObject({ state: 'done' });
}

function fails(): never {
  throw new Error('not yet');
}

test('a deploy that inserts a handler runs it once, and those that had succeeded not again', async () => {
  const order: string[] = [];
  const mail = () => order.push('mail');
  await deploy(
    (kit) => kit.on('payment.completed', mail).on('payment.completed', fails, { name: 'ship' }),
    (kit) =>
      kit
        .on('payment.completed', function invoice() {
          order.push('invoice');
        })
        .on('payment.completed', mail)
        .on('payment.completed', () => order.push('ship'), { name: 'ship' }),
  );
  expect(order).toEqual(['mail', 'invoice', 'ship']);
});

test('a deploy that changes the order of handlers runs none again', async () => {
  const order: string[] = [];
  const mail = () => order.push('mail');
  await deploy(
    (kit) => kit.on('payment.completed', mail).on('payment.completed', fails, { name: 'ship' }),
    (kit) =>
      kit
        .on('payment.completed', () => order.push('ship'), { name: 'ship' })
        .on('payment.completed', mail),
  );
  expect(order).toEqual(['mail', 'ship']);
});

test('a handler that is renamed says what it was, and does not run again', async () => {
  const order: string[] = [];
  await deploy(
    (kit) =>
      kit
        .on('payment.completed', () => order.push('mail'), { name: 'mail' })
        .on('payment.completed', fails, { name: 'ship' }),
    (kit) =>
      kit
        .on('payment.completed', () => order.push('letter'), {
          name: 'letter',
          formerly: ['post', 'mail'],
        })
        .on('payment.completed', () => order.push('ship'), { name: 'ship' }),
  );
  expect(order).toEqual(['mail', 'ship']);
});

test('what the version before remembered by position is still known after the upgrade', async () => {
  const { boot, clock, store } = openMachine();
  const order: string[] = [];
  await store.record(payment(1));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000 });
  if (taken === undefined) throw new Error('nothing was due');
  const succeeded = ['payment.completed#1', '*#1'];
  await store.retry(taken, { delayMs: 0, error: 'ship failed', succeeded });
  await boot((kit) =>
    kit
      .on('payment.completed', () => order.push('mail'), { name: 'mail' })
      .on('payment.completed', () => order.push('ship'), { name: 'ship' })
      .onAny(() => order.push('audit')),
  );
  await clock.advance(10_000);
  expect(order).toEqual(['ship']);
});
