// The kit as a merchant sets it up, with one handler; only the way it is mounted differs between our servers.
import { createQBitFlow } from '@qbitflow/core';

/** Events whose handler ran. */
let handled = 0;
export const handledCount = () => handled;

/** A started kit on `store`; each success of its handler counts, and `onHandled` is called with the event. */
export async function startKit(store, onHandled) {
  const kit = createQBitFlow({
    apiKey: 'sk_benchmark',
    webhookSecret: process.env.QBITFLOW_WEBHOOK_SECRET,
    store,
  });
  kit.on('payment.completed', async (event) => {
    if (event.data.uuid !== '') handled += 1;
    onHandled?.(event);
  });
  await kit.start();
  return kit;
}
