import { createHash } from 'node:crypto';
import { storableText } from './database/storable-text.js';

/** What a tombstone knows of a key, as a `uuid`: the first 128 bits of its SHA-256. `key_digest` in the database makes the same. */
export function keyDigest(key: string): string {
  return createHash('sha256').update(storableText(key)).digest('hex').slice(0, 32);
}
