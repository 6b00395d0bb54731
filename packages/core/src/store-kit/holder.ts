import { readText } from './delivery-codec.js';
import { wrongArgument } from './store-errors.js';

const HOLDER = /^[\x20-\x7E]{1,64}$/;

/**
 * Who takes a delivery, as the end of the taking's token: told with the token, it goes with it, whoever takes the delivery
 * next. Nothing where it was not said. Throws `misconfigured` for what is not printable ASCII of 1 to 64 characters.
 */
export function holderMark(store: string, holder: unknown): string {
  if (holder === undefined) return '';
  if (typeof holder === 'string' && HOLDER.test(holder)) return ` ${holder}`;
  const expected = 'printable ASCII of 1 to 64 characters';
  throw wrongArgument(store, { name: 'holder', value: holder, expected });
}

/** Who holds a delivery, by a token that has no space before its {@link holderMark}; `undefined` where it was not said. */
export function holderOf(token: unknown): string | undefined {
  if (token === null || token === undefined) return undefined;
  const text = readText('token', token);
  const space = text.indexOf(' ');
  return space === -1 ? undefined : text.slice(space + 1);
}
