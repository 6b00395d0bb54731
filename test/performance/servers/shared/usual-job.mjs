// The whole job the usual way: JSON.parse, a zod union, dedupe in memory, the handler after the answer. Nothing survives
// a crash, nothing is retried.
import { WebhookEvent } from './usual-schema.mjs';

const seen = new Set();
let handled = 0;
export const handledCount = () => handled;

async function handle(event) {
  if (event.type === 'payment.completed' && event.data.uuid !== '') handled += 1;
}

/** What to answer for a genuine body (bytes); its handler runs afterwards. */
export function accept(body) {
  const event = WebhookEvent.parse(JSON.parse(body.toString('utf8')));
  const duplicate = seen.has(event.id);
  seen.add(event.id);
  if (!duplicate) setImmediate(() => void handle(event));
  return duplicate ? { received: true, duplicate } : { received: true };
}
