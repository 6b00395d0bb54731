import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deliver, openExample, postgresOf } from '../../../test/docs/example-apps.js';

const folder = join(import.meta.dirname, '..');
// Next itself is a third of a gigabyte: its part, a Request for each route's method, is played by a small host.
const host = '../../test/docs/hosts/next.mjs';

test('the route handlers take a delivery once and show its page', async (context) => {
  const url = await postgresOf(context);
  const example = await openExample('next-app-router', { DATABASE_URL: url });
  const app = await example.start(host, folder);
  const order = { data: { reference: 'order-1001' } };
  const answers = await Promise.all([
    deliver(app.url, 'payment.completed', order),
    deliver(app.url, 'payment.completed', order),
  ]);
  expect(answers).toEqual(
    expect.arrayContaining([{ status: 200 }, { status: 200, duplicate: true }]),
  );
  expect(await deliver(app.url, 'payment.completed', order, 'whsec_of_a_stranger')).toEqual({
    status: 401,
  });
  const page = await fetch(`${app.url}/qbitflow/success?uuid={{UUID}}`);
  expect(page.status).toBe(400);
  expect(page.headers.get('content-type')).toContain('text/html');
  await expect.poll(() => app.output().match(/paid: .*/g)).toEqual(['paid: order-1001']);
});
