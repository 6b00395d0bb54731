import { numberChecks } from './numbers.js';
import { wrongArgument } from './store-errors.js';

/** How many notes are read at once, at most. */
export const MOST_NOTES = 10_000;

const LONGEST_BYTES = 65_536;
const NAME = /^[ -~]{1,200}$/;

/** A note as `putNote` is given it. */
export interface GivenNote {
  readonly name: string;
  readonly text: string;
  readonly keepMs: number;
}

/** Gives `keepMs` in whole ms; throws `misconfigured` for a name, a text or a time that cannot be. */
export function checkNote(store: string, { name, text, keepMs }: GivenNote): number {
  if (typeof name !== 'string' || !NAME.test(name))
    throw wrongArgument(store, {
      name: 'name',
      value: name,
      expected: 'printable ASCII of 1 to 200 characters',
    });
  if (typeof text !== 'string' || Buffer.byteLength(text) > LONGEST_BYTES || text.includes('\0'))
    throw wrongArgument(store, {
      name: 'text',
      value: typeof text === 'string' ? text.length : text,
      expected: `a text of at most ${LONGEST_BYTES} bytes in UTF-8, without U+0000`,
    });
  return numberChecks(store).delayMs('keepMs', keepMs);
}
