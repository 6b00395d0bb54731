import type { DurableStore, TakenDelivery, TypeFilter } from '@qbitflow/core';
import { isOfType, type ModelData } from './support/model-data.js';

/** Picks the oldest of every subject and then asks whether that may be taken. */
export function choosesTheSubjectFirst(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const oldest = new Map<string, string>();
      const open = [...rows.values()].filter(({ state }) => state === 'due' || state === 'running');
      for (const { delivery } of open)
        if (!oldest.has(delivery.subject)) oldest.set(delivery.subject, delivery.key);
      const hidden = open.filter(({ delivery }) => oldest.get(delivery.subject) !== delivery.key);
      for (const { delivery } of hidden) rows.delete(delivery.key);
      try {
        return await store.takeDue(options);
      } finally {
        for (const row of hidden) rows.set(row.delivery.key, row);
      }
    },
  };
}

/** Takes lapsed leases until the batch is full and keeps as many as it may: fresh work never comes. */
export function fillsTheBatchWithLapsedOnes(store: DurableStore): DurableStore {
  const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
  return {
    ...store,
    async takeDue(options) {
      const { lapsedLimit = options.limit } = options;
      const batch = await store.takeDue({ ...options, lapsedLimit: undefined });
      const extra = batch.filter(({ lapsed }) => lapsed).slice(Math.max(0, lapsedLimit));
      await Promise.all(extra.map(async (one) => store.retry(one, back)));
      return batch.filter((one) => !extra.includes(one));
    },
  };
}

/** A case-insensitive collation: a filter by type finds its neighbours. */
export function foldsTypes(store: DurableStore, { rows }: ModelData): DurableStore {
  const folded = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const fold = (types: TypeFilter | undefined): TypeFilter | undefined => {
    if (types === undefined) return undefined;
    const known = [...rows.values()].map(({ delivery }) => delivery.type);
    const names = folded('only' in types ? types.only : types.except);
    const found = known.filter((type) => names.has(type.toLowerCase()));
    return 'only' in types ? { only: found } : { except: found };
  };
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, types: fold(options.types) }),
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, types: fold(options.types) ?? options.types }),
  };
}

/** Counts as lapsed what still runs: handed back at a shutdown, a suspect is one like others. */
export function forgetsWhoLapsed(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      if (options.lapsedLimit !== 0) return store.takeDue(options);
      const suspects = [...rows.values()].filter(
        ({ state, started, finished }) => state === 'due' && started > finished,
      );
      if (suspects.length === 0) return store.takeDue(options);
      return store.takeDue({ ...options, lapsedLimit: suspects.length });
    },
  };
}

/** Looks at no subjects: a batch is full of bills of one subscription. */
export function givesABatchOfOneSubject(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken: TakenDelivery[] = [];
      while (taken.length < options.limit) {
        const next = await store.takeDue({ ...options, limit: 1 });
        if (next.length === 0) break;
        taken.push(...next);
      }
      return taken;
    },
  };
}

/** Overlooks what the taker is at work on: its hand fills with what it may not start. */
export function ignoresExcludedSubjects(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, exceptSubjects: undefined }),
  };
}

/** Gives as many lapsed ones as there are: they stand before all that is fresh. */
export function ignoresTheLapsedLimit(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async (options) => store.takeDue({ ...options, lapsedLimit: undefined }),
  };
}

/** Takes whatever is due: a process without the handler has the event. */
export function ignoresTypes(store: DurableStore): DurableStore {
  return { ...store, takeDue: async (options) => store.takeDue({ ...options, types: undefined }) };
}

/** Counts from the recording, over a replay: what an operator gave another chance is given up at once. */
export function isDueSinceItCame(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const since = row?.dueSince;
      const replayed = await store.replay(key);
      if (row !== undefined && since !== undefined) row.dueSince = since;
      return replayed;
    },
  };
}

/** Counts from the last attempt: what handlers put off is put off for ever. */
export function isDueSinceItCameBack(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const outcome = await store.retry(claim, options);
      const row = data.rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') row.dueSince = data.now();
      return outcome;
    },
  };
}

/** Looks at the oldest fifty only: behind a pile of one subject nothing is found. */
export function looksThroughAWindow(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const due = [...rows.values()].filter(({ state }) => state === 'due');
      const hidden = due.toSorted((a, b) => a.at - b.at).slice(50);
      for (const row of hidden) row.state = 'dead';
      const taken = store.takeDue(options);
      for (const row of hidden) row.state = 'due';
      return taken;
    },
  };
}

/** Puts what is excluded at the end of the line: a busy subject's oldest news is always the last. */
export function movesToTheEndWhatItPassesOver(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const row of data.rows.values())
        if (row.state === 'due' && options.exceptSubjects?.includes(row.delivery.subject) === true)
          row.at = data.now();
      return taken;
    },
  };
}

/** Keeps a list of lapsed leases and does not look whether they were renewed: two workers have one delivery. */
export function takesWhatWasRenewed(store: DurableStore, data: ModelData): DurableStore {
  const lapsed = new Set<string>();
  return {
    ...store,
    async takeDue(options) {
      for (const [key, row] of data.rows)
        if (row.state === 'running' && row.at <= data.now()) lapsed.add(key);
        else if (row.state === 'running' && lapsed.has(key)) row.at = 0;
      const taken = await store.takeDue(options);
      for (const { key } of taken) lapsed.delete(key);
      return taken;
    },
  };
}

/** Reads the oldest few and then looks for the wanted types: behind a pile of others nothing is found. */
export function takesBeforeItChooses(store: DurableStore): DurableStore {
  const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
  return {
    ...store,
    async takeDue({ types = { except: [] }, ...options }) {
      const oldest = await store.takeDue({ ...options, limit: Math.min(100, options.limit * 10) });
      const wanted = oldest.filter(({ type }) => isOfType(types, type)).slice(0, options.limit);
      const others = oldest.filter((one) => !wanted.includes(one));
      await Promise.all(others.map(async (one) => store.retry(one, back)));
      return wanted;
    },
  };
}

/** Empties one queue after the other: news of the last type waits for all others. */
export function takesOneTypeAfterTheOther(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const { types = { except: [] }, limit } = options;
      const names = new Set([...data.rows.values()].map(({ delivery }) => delivery.type));
      const wanted = [...names].filter((name) => isOfType(types, name)).toSorted();
      const taken: TakenDelivery[] = [];
      for (const type of wanted) {
        const exceptSubjects = [
          ...(options.exceptSubjects ?? []),
          ...taken.map(({ subject }) => subject),
        ];
        const left = { ...options, types: { only: [type] }, limit: limit - taken.length };
        taken.push(...(await store.takeDue({ ...left, exceptSubjects })));
      }
      return taken;
    },
  };
}

/** Asks for the type where something is due and forgets to where a lease has lapsed. */
export function takesOverAnyType(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      const lapsed = [...data.rows.values()].find(
        ({ state, at }) => state === 'running' && at <= data.now(),
      );
      if (lapsed === undefined || taken.length > 0) return taken;
      return store.takeDue({ ...options, types: { only: [lapsed.delivery.type] } });
    },
  };
}

/** Takes what is due by the clock: after a step back work waits for an hour. */
export function trustsItsClock(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      for (const row of rows.values()) if (row.state === 'due') row.waits = true;
      return store.takeDue(options);
    },
  };
}

/** Subtracts times without a look at the result: after a step back work has waited for less than nothing. */
export function isYoungerThanNew(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      const due = [...data.rows.values()].filter(({ state, waits }) => state === 'due' && !waits);
      const since = Math.min(...due.map(({ at }) => at));
      const oldestDueAgeMs = due.length === 0 ? stats.oldestDueAgeMs : data.now() - since;
      return { ...stats, oldestDueAgeMs };
    },
  };
}
