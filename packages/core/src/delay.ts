/** The longest time that goes to a store or a timer, in ms: a hundred years, which every store's clock can add. */
export const LONGEST_DELAY_MS = 3_155_760_000_000;

/**
 * A time in ms that any store and any timer can take: whole, not negative, at most a hundred years (`Infinity` too).
 * `otherwise` stands in for what is no time at all: NaN, a text, nothing. Every time that was computed, or came from
 * outside, goes through here on its way to a store or a timer.
 */
export function safeDelayMs(value: unknown, otherwise: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return otherwise;
  return Math.ceil(Math.min(Math.max(value, 0), LONGEST_DELAY_MS));
}
