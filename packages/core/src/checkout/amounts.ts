/** Decimals of the coins that dollars are paid in: nothing smaller can be charged. */
const COIN_DECIMALS = 6;
const CENTS = 100;
/** How far a number of cents may be from a whole one and still be what floating point made of it. */
const NOISE = 1e-6;
const DECIMAL_TEXT = /^\d{1,9}(?:\.\d{1,2})?$/;

/**
 * A price as it is sent: the nearest number that a coin can pay. Sums of the same prices come out the same, in whatever
 * order they were added.
 */
export function canonicalPrice(usd: number): number {
  return Number(usd.toFixed(COIN_DECIMALS));
}

/** An amount in whole cents as a number, given as number or text; `undefined` for what is none. */
export function centsOf(amount: unknown): number | undefined {
  if (typeof amount === 'string') return DECIMAL_TEXT.test(amount) ? Number(amount) : undefined;
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return undefined;
  const cents = amount * CENTS;
  return Math.abs(cents - Math.round(cents)) < NOISE ? Number(amount.toFixed(2)) : undefined;
}

/** The sum of amounts that are canonical already. */
export function sumOf(amounts: readonly number[]): number {
  return canonicalPrice(amounts.reduce((sum, amount) => sum + amount, 0));
}
