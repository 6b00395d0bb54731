import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { numberOf } from './database/row.js';

/** Since the tables kept keys, or since the newest key that was forgotten, whichever is later. */
export function knownSince(database: Database): DurableStore['knownSince'] {
  // Up to the next whole ms: what happened within the last one may be forgotten.
  const text = `SELECT ceil(extract(epoch FROM greatest(born_at, forgotten_at)) * 1000)::bigint AS since FROM ${database.names.memory}`;
  return async () => {
    const action = 'tell since when it knows';
    const [row] = await database.run({ action, text, values: [], lane: 'work' });
    if (row === undefined) throw new Error('the table memory has lost its row');
    return numberOf(row, 'since');
  };
}
