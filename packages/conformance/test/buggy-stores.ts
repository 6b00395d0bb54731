import type { DurableStore, Progress } from '@qbitflow/core';

/** Keeps only the names given last: handlers that had succeeded run again. */
export function overwritesProgress(store: DurableStore): DurableStore {
  const last = new Map<string, readonly string[]>();
  const note = <Options extends Progress>(key: string, options: Options): Options => {
    last.set(key, options.succeeded);
    return options;
  };
  const seen = <Seen extends Progress & { key: string }>(one: Seen): Seen => ({
    ...one,
    succeeded: last.get(one.key) ?? one.succeeded,
  });
  return {
    ...store,
    takeDue: async (options) => (await store.takeDue(options)).map(seen),
    extend: async (claim, options) => store.extend(claim, note(claim.key, options)),
    complete: async (claim, progress) => store.complete(claim, note(claim.key, progress)),
    retry: async (claim, options) => store.retry(claim, note(claim.key, options)),
    bury: async (claim, options) => store.bury(claim, note(claim.key, options)),
    async get(key) {
      const stored = await store.get(key);
      return stored && seen(stored);
    },
  };
}
