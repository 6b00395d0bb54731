import { hash } from 'node:crypto';

/** How many bytes of a key's SHA-256 a tombstone keeps. */
export const DIGEST_BYTES = 16;

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, DIGEST_BYTES);
}
