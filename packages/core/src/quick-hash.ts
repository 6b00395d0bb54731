/** A quick number for a key, of 32 bits: FNV-1a. It tells keys apart most of the time, never for sure. */
export function quickHash(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
