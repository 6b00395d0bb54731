import type { StoredDelivery } from '@qbitflow/core';
import { arrayOf, bytesOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { readStored, STORED_FIELDS } from './stored-delivery.js';

// ARGV: key.
const GET = script(`
return redis.call('HMGET', hash_of(ARGV[1]), ${STORED_FIELDS}, 'raw')
`);

/** One delivery with its body, or `undefined`. */
export async function get(run: Run, key: string): Promise<StoredDelivery | undefined> {
  const values = arrayOf(await run(GET, [key]));
  const raw = values.at(-1);
  if (raw === null || raw === undefined) return undefined;
  return { ...readStored(key, values), raw: bytesOf(raw) };
}
