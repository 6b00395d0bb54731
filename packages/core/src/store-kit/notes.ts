import { storableText } from './delivery-codec.js';
import { wrongArgument } from './store-errors.js';

/** How many notes one call gives, at most. */
export const MOST_NOTES = 10_000;

const NAME = /^[\x20-\x7E]{1,200}$/;
const MOST_BYTES = 64 * 1024;

/**
 * The text of a note as every database can keep it. Throws `misconfigured` for a name that is not printable ASCII of 1 to
 * 200 characters, and for a text of more than 64 KiB.
 */
export function storableNote(store: string, name: unknown, text: unknown): string {
  if (typeof name !== 'string' || !NAME.test(name))
    throw wrongArgument(store, {
      name: 'name',
      value: name,
      expected: 'printable ASCII of 1 to 200 characters',
    });
  const storable = typeof text === 'string' ? storableText(text) : undefined;
  if (storable !== undefined && Buffer.byteLength(storable) <= MOST_BYTES) return storable;
  throw wrongArgument(store, { name: 'text', value: text, expected: 'a text of at most 64 KiB' });
}
