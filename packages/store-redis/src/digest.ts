import { createHash } from 'node:crypto';

const BYTES = 16;

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, BYTES);
}
