import type { IdempotencyStore } from '@qbitflow/core';

/** Asks whether the key is known and sets it in a second step: several at once are told that it is theirs. */
export function claimsTwice(store: IdempotencyStore): IdempotencyStore {
  let asking: ReturnType<IdempotencyStore['claim']> | undefined;
  return {
    ...store,
    async claim(key, options) {
      asking ??= store.claim(key, options).finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}
