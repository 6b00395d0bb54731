// One of several processes on one schema: records the same deliveries as the others and works off what it gets.
// node worker.mjs <url> <schema> <deliveries>
import { postgresStore } from '@qbitflow/store-postgres';

const [url, schema, count] = process.argv.slice(2);
const store = postgresStore({ connectionString: url, schema });
await store.init();
const numbers = Array.from({ length: Number(count) }, (_, index) => index);
// Each process in an order of its own.
const order = numbers.toSorted(() => Math.random() - 0.5);
const delivery = (number) => ({
  key: `payment.completed:pay@${number}`,
  subject: `pay@${number}`,
  id: `evt_${number}`,
  type: 'payment.completed',
  version: 'v2',
  source: 'webhook',
  raw: Buffer.from(String(number)),
  headers: {},
  receivedAt: 1_790_856_000_000,
});
const outcomes = await Promise.all(order.map((number) => store.record(delivery(number))));
const completed = [];
for (;;) {
  const taken = await store.takeDue({ limit: 7, leaseMs: 30_000 });
  const done = taken.map(async (claim) => {
    if ((await store.complete(claim, { succeeded: [] })) === 'ok') completed.push(claim.key);
  });
  await Promise.all(done);
  if (taken.length === 0 && (await store.stats()).running === 0) break;
}
await store.close();
const recorded = outcomes.filter(({ status }) => status === 'recorded').length;
process.stdout.write(JSON.stringify({ recorded, completed }));
