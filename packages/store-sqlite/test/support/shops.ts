import { createQBitFlow, type DurableStore, type EventContext } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { openLibsql, rowsOf } from './handles.js';

const SECRET = 'whsec_sqlite_0123456789';

/** A shop's table in the store's own file, and a look at it from outside. */
export function makeOrders(file: string): () => number {
  const handle = openLibsql(file);
  handle.exec('CREATE TABLE orders (id TEXT)');
  return () => rowsOf(handle, 'SELECT id FROM orders').length;
}

/** A started kit on the store with one handler of payments; `pay` delivers one, genuinely signed. */
export async function openShop(
  store: DurableStore,
  handler: (context: EventContext) => Promise<unknown>,
): Promise<{ pay(uuid: string): Promise<number> }> {
  const quick = { minBackoffMs: 10, maxBackoffMs: 20, pollIntervalMs: 20 };
  const kit = createQBitFlow({
    logger: false,
    webhookSecret: SECRET,
    store,
    handlers: quick,
    mode: 'both',
  });
  kit.on('payment.completed', async (_event, context) => {
    await handler(context);
  });
  await kit.start();
  onTestFinished(async () => kit.close());
  return {
    async pay(uuid) {
      const value = fixtures.v2['payment.completed']({ id: `evt_${uuid}`, data: { uuid } });
      const { headers, body } = signDelivery({ version: 'v2', body: value, secret: SECRET });
      const request = { method: 'POST', url: '/webhook', headers, rawBody: Buffer.from(body) };
      return (await kit.handleWebhook(request)).status;
    },
  };
}
