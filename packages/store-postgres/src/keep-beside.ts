import type { NewDelivery } from '@qbitflow/core';
import { asBuffer } from './database/bytes.js';
import type { Database } from './database/database.js';
import { storableHeaders } from './database/storable-text.js';
import type { Names } from './schema/names.js';

/** Keeps the webhooks of keys that looks have recorded. */
export type KeepBeside = (group: readonly NewDelivery[]) => Promise<void>;

/**
 * Beside the record and not in it: a handler's transaction may have read that already. The first webhook of a key
 * wins. A step of its own, because it is seldom needed: nobody is answered before it is done, and who comes again finds
 * it done.
 */
export function keepBeside(database: Database): KeepBeside {
  const text = statement(database.names);
  return async (group) => {
    if (group.length === 0) return;
    const values = [
      group.map(({ key }) => key),
      group.map(({ id }) => id),
      group.map(({ version }) => version),
      group.map(({ headers }) => storableHeaders(headers)),
      group.map(({ receivedAt }) => receivedAt),
      group.map(({ raw }) => asBuffer(raw)),
    ];
    await database.run({ action: 'record', text, values, lane: 'record' });
  };
}

/** What was pruned meanwhile has nothing to be beside of. */
function statement({ deliveries, laterWebhooks }: Names): string {
  return `INSERT INTO ${laterWebhooks} (key, event_id, version, received_at, headers, raw)
SELECT DISTINCT ON (key) key, i.event_id, i.version, to_timestamp(i.received_at / 1000), i.headers::jsonb, i.raw
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::bytea[])
  WITH ORDINALITY AS i(key, event_id, version, headers, received_at, raw, ord) JOIN ${deliveries} USING (key)
ORDER BY key, ord ON CONFLICT (key) DO NOTHING`;
}
