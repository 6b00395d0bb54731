// The kit as a merchant sets it up, with one handler; only the way it is mounted differs between our servers.
import { createQBitFlow, memoryStore } from '@qbitflow/core';

/** Events whose handler ran. */
let handled = 0;
export const handledCount = () => handled;

export const qbitflow = createQBitFlow({
  apiKey: 'sk_benchmark',
  webhookSecret: process.env.QBITFLOW_WEBHOOK_SECRET,
  store: memoryStore(),
});

qbitflow.on('payment.completed', async (event) => {
  if (event.data.uuid !== '') handled += 1;
});
await qbitflow.start();
