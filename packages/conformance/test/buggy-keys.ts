import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from './support/model-data.js';

/** Counts the age of a key from when its body was dropped. */
export function countsKeysFromPruning(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const before = new Set(data.tombstones.keys());
      const pruned = await store.prune(options);
      for (const key of data.tombstones.keys())
        if (!before.has(key)) data.tombstones.set(key, data.now());
      return pruned;
    },
  };
}

/** Counts keys without bodies as deliveries: the figures grow for ever. */
export function countsTombstones(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      return { ...stats, done: stats.done + tombstones.size };
    },
  };
}

/** Drops the dead letter and notes its key in a second step: a duplicate in between is recorded as fresh. */
export function discardsInTwoSteps(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async discard(key) {
      const discarded = await store.discard(key);
      const at = tombstones.get(key);
      if (!discarded || at === undefined) return discarded;
      tombstones.delete(key);
      await new Promise(setImmediate);
      tombstones.set(key, at);
      return true;
    },
  };
}

/** Forgets what an operator threw away: a sender that still retries brings it back. */
export function forgetsDiscardedKeys(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async discard(key) {
      const discarded = await store.discard(key);
      if (discarded) tombstones.delete(key);
      return discarded;
    },
  };
}

/** Forgets by age whatever is done: a body that should be kept goes with its key. */
export function forgetsKeysWithBodies(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const pruned = await store.prune(options);
      const { keepKeysMs = Infinity } = options;
      for (const [key, { state, at }] of data.rows)
        if (state === 'done' && data.now() - at > keepKeysMs) data.rows.delete(key);
      return pruned;
    },
  };
}

/** Drops the key with the body: the next look at a bookmarked page fulfils the order again. */
export function forgetsPrunedKeys(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const pruned = await store.prune(options);
      tombstones.clear();
      return pruned;
    },
  };
}

/** Notes its birth when somebody first asks for it: what was recorded before counts as unknown. */
export function isBornWhenAsked(store: DurableStore, data: ModelData): DurableStore {
  let born: number | undefined;
  return {
    ...store,
    async knownSince() {
      born ??= data.now();
      return Math.max(born, await store.knownSince());
    },
  };
}

/** Takes one age for both: keys go soon after their bodies. */
export function keepsKeysAsLongAsBodies(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      // What was done within this millisecond would still be kept.
      data.turnClock(1);
      return store.prune({ ...options, keepKeysMs: options.doneForMs });
    },
  };
}

/** Says that it knows all since it was made, whatever it has forgotten since. */
export function knowsEverything(store: DurableStore, data: ModelData): DurableStore {
  const born = data.knownSince;
  return { ...store, knownSince: async () => born };
}

/** Takes the time of forgetting for the time of what was forgotten: looks are turned away for nothing. */
export function knowsSinceItLastForgot(store: DurableStore, data: ModelData): DurableStore {
  let since = 0;
  return {
    ...store,
    async prune(options) {
      const before = data.tombstones.size;
      const pruned = await store.prune(options);
      if (data.tombstones.size < before) since = data.now();
      return pruned;
    },
    knownSince: async () => Math.max(since, await store.knownSince()),
  };
}

/** Overlooks `keepKeysMs`: the table of keys grows although a merchant asked for an end. */
export function neverForgetsKeys(store: DurableStore): DurableStore {
  return { ...store, prune: async (options) => store.prune({ ...options, keepKeysMs: Infinity }) };
}

/** Keeps ages in 32 bits: a time that never comes has long been. */
export function overflows(store: DurableStore): DurableStore {
  const bits = (ms: number) => (Number.isFinite(ms) ? Math.trunc(ms) | 0 : ms);
  return {
    ...store,
    prune: async ({ doneForMs, keepKeysMs = Infinity, limit }) =>
      store.prune({ doneForMs: bits(doneForMs), keepKeysMs: bits(keepKeysMs), limit }),
  };
}

/** Drops the body and notes the key in a second step: a duplicate in between is recorded as fresh. */
export function prunesInTwoSteps(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async prune(options) {
      const before = new Map(data.tombstones);
      const pruned = await store.prune(options);
      const added = [...data.tombstones].filter(([key]) => !before.has(key));
      for (const [key] of added) data.tombstones.delete(key);
      await new Promise(setImmediate);
      for (const [key, at] of added) data.tombstones.set(key, at);
      return pruned;
    },
  };
}

/** Says that a key without a body was replayed: an operator waits for what never comes. */
export function replaysTombstones(store: DurableStore, { tombstones }: ModelData): DurableStore {
  return { ...store, replay: async (key) => (await store.replay(key)) || tombstones.has(key) };
}

/** Counts the age of a key from when its delivery came, however long that took to be done. */
export function countsKeysFromRecording(
  store: DurableStore,
  { rows, tombstones }: ModelData,
): DurableStore {
  return {
    ...store,
    async prune(options) {
      const times = new Map([...rows].map(([key, { recordedAt }]) => [key, recordedAt]));
      const pruned = await store.prune(options);
      for (const key of tombstones.keys())
        tombstones.set(key, times.get(key) ?? tombstones.get(key) ?? 0);
      return pruned;
    },
  };
}

/** Looks whether the body is there and replays in a second step: it may be gone by then. */
export function replaysWhatWasPruned(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const isThere = rows.get(key)?.state === 'done' || rows.get(key)?.state === 'dead';
      await new Promise(setImmediate);
      return (await store.replay(key)) || isThere;
    },
  };
}
