import type { Claim, DurableStore } from '@qbitflow/core';

/** Looks only at the key: whoever held the delivery last may still write. */
export function ignoresTokens(store: DurableStore): DurableStore {
  const tokens = new Map<string, string>();
  const current = ({ key, token }: Claim): Claim => ({ key, token: tokens.get(key) ?? token });
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const { key, token } of taken) tokens.set(key, token);
      return taken;
    },
    extend: async (claim, options) => store.extend(current(claim), options),
    complete: async (claim, progress) => store.complete(current(claim), progress),
    retry: async (claim, options) => store.retry(current(claim), options),
    bury: async (claim, options) => store.bury(current(claim), options),
  };
}
