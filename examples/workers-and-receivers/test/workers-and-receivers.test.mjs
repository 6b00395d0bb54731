import { expect, test } from 'vitest';
import { deliver, openExample, postgresOf } from '../../../test/docs/example-apps.js';

const orders = [1, 2, 3, 4, 5, 6].map((digit) => ({
  reference: `order-${digit}`,
  uuid: `pay@01a0c0c7-5a6b-4c7d-8e9f-00000000000${digit}`,
}));
/** How often each order was shipped, by all workers together. */
function shipments(...workers) {
  const lines = workers.flatMap((worker) => worker.output().split('\n'));
  return orders.map(({ reference }) => lines.filter((line) => line === `ship ${reference}`).length);
}

test('a receiver acknowledges while no worker runs; workers share the work', async (context) => {
  const url = await postgresOf(context);
  const example = await openExample('workers-and-receivers', { DATABASE_URL: url });
  const receiver = await example.start('receiver.mjs');
  for (const data of orders.slice(0, 5)) {
    expect(await deliver(receiver.url, 'payment.completed', { data })).toEqual({ status: 200 });
    expect(await deliver(receiver.url, 'payment.completed', { data })).toEqual({
      status: 200,
      duplicate: true,
    });
  }
  const workers = await Promise.all([
    example.startWorker('worker.mjs'),
    example.startWorker('worker.mjs'),
  ]);
  await expect.poll(() => shipments(...workers)).toEqual([1, 1, 1, 1, 1, 0]);

  // One of them is deployed anew meanwhile.
  expect(await workers[0].stop()).toBe(0);
  await deliver(receiver.url, 'payment.completed', { data: orders[5] });
  await expect.poll(() => shipments(...workers)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(receiver.output()).toBe('');
  expect(await Promise.all([receiver.stop(), workers[1].stop()])).toEqual([0, 0]);
});
