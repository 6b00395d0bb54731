import { createQBitFlow } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { expect, onTestFinished, test } from 'vitest';
import { deliver, openExample, postgresOf } from '../../../test/docs/example-apps.js';

const uuid = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000001';
const shipped = (worker) => worker.output().match(/ship .*/g) ?? [];

/** Looks at the same inbox and handles nothing. */
function operatorOf(url) {
  const kit = createQBitFlow({
    webhookSecret: false,
    processing: 'elsewhere',
    logger: false,
    store: postgresStore({ connectionString: url }),
  });
  onTestFinished(async () => {
    await kit.close();
  });
  return kit;
}

test('a payment becomes one job, however often it is sent and handled', async (context) => {
  const url = await postgresOf(context);
  const example = await openExample('hand-over-to-pg-boss', { DATABASE_URL: url });
  const [server, worker] = await Promise.all([
    example.start('server.mjs'),
    example.startWorker('worker.mjs'),
  ]);
  const order = { data: { uuid, reference: 'order-1' } };
  expect(await deliver(server.url, 'payment.completed', order)).toEqual({ status: 200 });
  expect((await deliver(server.url, 'payment.completed', order)).duplicate).toBe(true);
  await expect.poll(() => shipped(worker)).toEqual(['ship order-1']);

  // The handler runs again, as it does when its process was killed before its success was recorded.
  const { deliveries } = operatorOf(url);
  const key = `payment.completed:${uuid}`;
  const attempts = async () => (await deliveries.get(key)).attempts.map(({ outcome }) => outcome);
  await expect.poll(attempts).toEqual(['done']);
  await deliveries.replay(key);
  await expect.poll(attempts).toEqual(['done', 'done']);
  // Jobs are worked off in their order: a second one of the first order would come before this one.
  const next = { uuid: `${uuid.slice(0, -1)}2`, reference: 'order-2' };
  await deliver(server.url, 'payment.completed', { id: 'evt_2', data: next });
  await expect.poll(() => shipped(worker)).toEqual(['ship order-1', 'ship order-2']);
  expect(await Promise.all([server.stop(), worker.stop()])).toEqual([0, 0]);
});
