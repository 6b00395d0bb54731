import type { StoredDelivery } from '@qbitflow/core';
import { arrayOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { readStored, STORED_FIELDS } from './stored-delivery.js';

// ARGV: key.
const GET = script(`
return redis.call('HMGET', hash_of(ARGV[1]), 'raw', 'webhookRaw', ${STORED_FIELDS})
`);

/** One delivery with its body, and with the webhook's where that came later, or `undefined`. */
export async function get(run: Run, key: string): Promise<StoredDelivery | undefined> {
  const [raw, webhookRaw, ...values] = arrayOf(await run(GET, [key]));
  if (raw === null || raw === undefined) return undefined;
  return readStored(key, values, { raw, webhookRaw });
}
