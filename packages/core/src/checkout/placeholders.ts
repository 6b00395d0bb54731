/**
 * What QBitFlow replaces in `successUrl` and `cancelUrl` by the session's id and the transaction's type. The braces
 * must reach the API as they stand: `%7B%7BUUID%7D%7D` is not replaced.
 */
export const placeholders = {
  uuid: '{{UUID}}',
  transactionType: '{{TRANSACTION_TYPE}}',
} as const;

const ANY_SPELLING = /(?:\{|%7[Bb]){2}(UUID|TRANSACTION_TYPE)(?:\}|%7[Dd]){2}/g;

/** The text with every percent-encoded placeholder in its literal form. */
export function withLiteralPlaceholders(text: string): string {
  return text.replace(ANY_SPELLING, (_all, name: string) => `{{${name}}}`);
}
