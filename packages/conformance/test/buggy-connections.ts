import type { Claim, DurableStore } from '@qbitflow/core';
import type { ModelData } from './support/model-data.js';

/** A counter in the process as the token: two processes give out the same ones. */
export function countsTokensPerConnection(tokens: Map<string, string>) {
  return (store: DurableStore): DurableStore => {
    let count = 0;
    const known = ({ key, token }: Claim): Claim => {
      const [shown, real] = tokens.get(key)?.split(' ') ?? [];
      return { key, token: shown === token && real !== undefined ? real : token };
    };
    return {
      ...store,
      async takeDue(options) {
        const taken = await store.takeDue(options);
        return taken.map((one) => {
          count += 1;
          const token = `n${count}`;
          tokens.set(one.key, `${token} ${one.token}`);
          return { ...one, token };
        });
      },
      extend: async (claim, options) => store.extend(known(claim), options),
      complete: async (claim, progress) => store.complete(known(claim), progress),
      retry: async (claim, options) => store.retry(known(claim), options),
      bury: async (claim, options) => store.bury(known(claim), options),
      completeWithin: async (tx, claim, options) =>
        (await store.completeWithin?.(tx, known(claim), options)) ?? 'lost',
    };
  };
}

/** Takes its own start for the beginning of its memory: after every deploy nothing older is recorded. */
export function knowsSinceItWasOpened(store: DurableStore, data: ModelData): DurableStore {
  const opened = data.now();
  return { ...store, knownSince: async () => Math.max(opened, await store.knownSince()) };
}

/** Keeps what is left of pruned deliveries in the process: the others, and the next one, take them for fresh. */
export function remembersKeysInItsProcess(store: DurableStore, data: ModelData): DurableStore {
  const keys = new Set<string>();
  return {
    ...store,
    async prune(options) {
      const { items } = await store.list({ state: 'done', limit: 1_000 });
      const pruned = await store.prune({ ...options, keepKeysMs: Infinity });
      for (const { key } of items) if ((await store.get(key)) === undefined) keys.add(key);
      // What was done within this millisecond would still be kept.
      data.turnClock(1);
      await store.prune({ ...options, keepKeysMs: 0 });
      return pruned;
    },
    record: async (delivery) =>
      keys.has(delivery.key) ? { status: 'duplicate', state: 'done' } : store.record(delivery),
  };
}
