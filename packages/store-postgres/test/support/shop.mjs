// A shop whose handler is the README's exactly-once example, or the way by hand that pg's own documentation shows.
// node shop.mjs <url> <readme|by-hand>; says `started`, `handled` and what fails; takes `deliver <id> <order>` and `close` on its standard input.
import { createInterface } from 'node:readline';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { postgresStore, withTransaction } from '@qbitflow/store-postgres';
import { Pool } from 'pg';
import { readmeExample } from './readme-example.mjs';

const [url, way] = process.argv.slice(2);
const secret = 'whsec_shop_0123456789';
const pool = new Pool({ connectionString: url });
const store = postgresStore({ pool, timeoutMs: 1_000 });
const handlers = { pollIntervalMs: 50, leaseMs: 3_000, minBackoffMs: 20, maxBackoffMs: 200 };
const qbitflow = createQBitFlow({
  logger: false,
  webhookSecret: secret,
  store,
  handlers: { ...handlers, maxAttempts: 1_000 },
});
qbitflow.onError((error) => console.log(`failed ${error.message.replaceAll('\n', ' ')}`));

if (way === 'readme') readmeExample()(qbitflow, withTransaction);
else
  qbitflow.on('payment.completed', async function fulfil(event, context) {
    const tx = await pool.connect();
    try {
      await tx.query('BEGIN');
      await tx.query('UPDATE orders SET paid = true WHERE id = $1', [event.data.reference]);
      await context.completeWithin(tx);
      await tx.query('COMMIT');
    } catch (error) {
      await tx.query('ROLLBACK');
      throw error;
    } finally {
      tx.release();
    }
  });

await qbitflow.start();
console.log('started');
for await (const line of createInterface({ input: process.stdin })) {
  const [word, id, reference] = line.split(' ');
  if (word === 'close') break;
  const body = fixtures.v2['payment.completed']({
    id: `evt_${id}`,
    data: { uuid: `pay@${id}`, reference },
  });
  const { headers, body: rawBody } = signDelivery({ version: 'v2', body, secret });
  const { status } = await qbitflow.handleWebhook({
    method: 'POST',
    url: '/webhook',
    headers,
    rawBody: Buffer.from(rawBody),
  });
  console.log(`answered ${status}`);
}
process.stdin.destroy();
await qbitflow.close();
await pool.end();
