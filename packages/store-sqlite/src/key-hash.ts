import { createHash } from 'node:crypto';

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function keyHash(key: string): Uint8Array {
  return createHash('sha256').update(key).digest().subarray(0, 16);
}
