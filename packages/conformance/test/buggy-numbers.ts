import type { DurableStore } from '@qbitflow/core';
import type { ModelData } from './support/model-data.js';

/** Takes a noted start for one more: asked again after a lost answer it counts twice. */
export function addsStarts(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async extend(claim, options) {
      const started = rows.get(claim.key)?.started ?? 0;
      const start = options.start === undefined ? undefined : started + 1;
      return store.extend(claim, { ...options, start });
    },
  };
}

/** Writes a noted start down unseen: with NaN starts no attempt is ever the last. */
export function countsWhateverItIsTold(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async extend(claim, { start, ...renewal }) {
      const outcome = await store.extend(claim, renewal);
      const row = rows.get(claim.key);
      if (outcome === 'ok' && row !== undefined) row.started = start ?? row.started;
      return outcome;
    },
  };
}

/** Adds whatever it is given to the time: a lease of NaN never lapses. */
export function leasesForEver(store: DurableStore, data: ModelData): DurableStore {
  const lend = (key: string, leaseMs: number): void => {
    const row = data.rows.get(key);
    if (row !== undefined) row.at = data.now() + leaseMs;
  };
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue({ ...options, leaseMs: 0 });
      for (const { key } of taken) lend(key, options.leaseMs);
      return taken;
    },
    async extend(claim, options) {
      const outcome = await store.extend(claim, { ...options, leaseMs: 0 });
      if (outcome === 'ok') lend(claim.key, options.leaseMs);
      return outcome;
    },
  };
}

/** Lets the database refuse an odd number: the kit takes it for an outage and tries again. */
export function rejectsInItsOwnWords(store: DurableStore): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      if (!Number.isFinite(options.delayMs) || options.delayMs < 0)
        throw new Error('timestamp out of range');
      return store.retry(claim, options);
    },
  };
}

/** Takes one start back for every delivery handed back, counted or not. */
export function takesBackOneStart(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const row = rows.get(claim.key);
      if (row !== undefined) row.startedBefore = Math.max(0, row.started - 1);
      return store.retry(claim, options);
    },
  };
}

/** Hands the limit to SQL, where -1 means all. */
export function takesMinusOneForAll(store: DurableStore): DurableStore {
  const all = (limit: number) => (limit < 0 ? 1_000_000 : limit);
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, limit: all(options.limit) }),
    prune: async (options) => store.prune({ ...options, limit: all(options.limit) }),
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, limit: all(options.limit) }),
  };
}

/** Adds whatever it is given to the time: a delivery put off by NaN is in no order any more. */
export function waitsForEver(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const outcome = await store.retry(claim, { ...options, delayMs: 0 });
      const row = data.rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') {
        row.at = data.now() + options.delayMs;
        row.waits = true;
      }
      return outcome;
    },
  };
}
