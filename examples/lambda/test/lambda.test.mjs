import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startWorker } from '../../../test/docs/app-process.js';
import { deliver, openExample, postgresOf } from '../../../test/docs/example-apps.js';

const index = new URL('../index.mjs', import.meta.url).href;
const schedule = `import { workOff } from '${index}';
console.log('working');
await workOff();
process.exit();`;

const paid = (process) => process.output().match(/paid: .*/g) ?? [];

test('the function handles before it answers, and answers a repeat without it', async (context) => {
  const url = await postgresOf(context);
  const example = await openExample('lambda', { DATABASE_URL: url });
  const app = await example.start('local.mjs');
  const order = { data: { reference: 'order-1001' } };
  expect(await deliver(app.url, 'payment.completed', order)).toEqual({ status: 200 });
  expect(await deliver(app.url, 'payment.completed', order)).toEqual({
    status: 200,
    duplicate: true,
  });
  expect(await deliver(app.url, 'payment.completed', order, 'whsec_of_a_stranger')).toEqual({
    status: 401,
  });
  await expect.poll(() => paid(app)).toEqual(['paid: order-1001']);
});

test('the schedule works off what a function left behind', async (context) => {
  const url = await postgresOf(context);
  const environment = { DATABASE_URL: url, QBITFLOW_WEBHOOK_SECRET: 'whsec_example' };
  // Recorded and not handled, as by a function whose time was over.
  const receivers = await openExample('workers-and-receivers', environment);
  const receiver = await receivers.start('receiver.mjs');
  await deliver(receiver.url, 'payment.completed', { data: { reference: 'order-1002' } });
  const worker = await startWorker(
    tmpdir(),
    ['--input-type=module', '--eval', schedule],
    environment,
  );
  await expect.poll(() => paid(worker)).toEqual(['paid: order-1002']);
});
