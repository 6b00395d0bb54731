/** The longest time that goes to a store or a timer, in ms: a hundred years, which every store's clock can add. */
export const LONGEST_DELAY_MS = 3_155_760_000_000;
