import type { DurableStore } from '@qbitflow/core';

/** Text columns that take no U+0000: the delivery whose handler says so is never let go. */
export function refusesOddReasons(store: DurableStore): DurableStore {
  const check = (error: string): void => {
    if (error.includes('\u0000'))
      throw new Error('invalid byte sequence for encoding "UTF8": 0x00');
  };
  return {
    ...store,
    async retry(claim, options) {
      check(options.error);
      return store.retry(claim, options);
    },
  };
}
