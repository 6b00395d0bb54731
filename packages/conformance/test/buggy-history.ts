import type { DurableStore, StoredDelivery, StoreNote } from '@qbitflow/core/store';
import type { ModelData } from './support/model-data.js';

type Ending = 'complete' | 'retry' | 'bury';

/** Counts a group of doubles that came together as one. */
export function countsDoublesOfABurstOnce(store: DurableStore, { rows }: ModelData): DurableStore {
  const counted = new Set<string>();
  return {
    ...store,
    async record(delivery, options) {
      const row = rows.get(delivery.key);
      const before = row?.duplicates ?? 0;
      const outcome = await store.record(delivery, options);
      if (row !== undefined && counted.has(delivery.key)) row.duplicates = before;
      if (row !== undefined) counted.add(delivery.key);
      setImmediate(() => counted.delete(delivery.key));
      return outcome;
    },
  };
}

/** Starts the count anew with a replay: nobody sees any more how often the sender came. */
export function countsDuplicatesSinceTheReplay(
  store: DurableStore,
  { rows }: ModelData,
): DurableStore {
  return {
    ...store,
    async replay(key) {
      const replayed = await store.replay(key);
      const row = rows.get(key);
      if (row !== undefined && replayed) row.duplicates = 0;
      return replayed;
    },
  };
}

/** Keeps the attempts of a delivery that was given up, and of no other ending. */
export function dropsAttemptsThatSucceeded(store: DurableStore): DurableStore {
  return {
    ...store,
    complete: async (claim, { succeeded }) => store.complete(claim, { succeeded }),
  };
}

/** A replay begins with an empty history: why it died is gone. */
export function forgetsAttemptsWithAReplay(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const replayed = await store.replay(key);
      const row = rows.get(key);
      if (row !== undefined && replayed) row.attempts = [];
      return replayed;
    },
  };
}

/** Keeps attempts under the key: what is recorded under a key that was forgotten inherits them. */
export function keepsAttemptsByKey(store: DurableStore, { rows }: ModelData): DurableStore {
  const byKey = new Map<string, StoredDelivery['attempts']>();
  const after = async <T>(key: string, work: Promise<T>): Promise<T> => {
    const said = await work;
    byKey.set(key, rows.get(key)?.attempts ?? []);
    return said;
  };
  const ending = (name: Ending) => ({
    [name]: async (claim: { key: string; token: string }, options: never) =>
      after(claim.key, store[name](claim, options)),
  });
  return {
    ...store,
    ...ending('complete'),
    ...ending('retry'),
    ...ending('bury'),
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      const row = rows.get(delivery.key);
      if (row !== undefined && outcome.status === 'recorded')
        row.attempts = byKey.get(delivery.key) ?? [];
      return outcome;
    },
  };
}

/** Writes the attempt first and asks then whether the claim still holds. */
export function keepsAttemptsOfLostClaims(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async complete(claim, progress) {
      const outcome = await store.complete(claim, progress);
      const row = rows.get(claim.key);
      const { attempt } = progress;
      if (outcome === 'lost' && row !== undefined && attempt !== undefined)
        row.attempts = [...row.attempts, attempt];
      return outcome;
    },
  };
}

/** Keeps the first attempts: the last one, which an operator needs, is not among them. */
export function keepsTheFirstAttempts(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async retry(claim, options) {
      const before = rows.get(claim.key)?.attempts ?? [];
      const outcome = await store.retry(claim, options);
      const row = rows.get(claim.key);
      if (row !== undefined && before.length === 10) row.attempts = before;
      return outcome;
    },
  };
}

/** Puts attempts on every page: a page of a thousand is 80 MB. */
export function listsAttempts(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      const items = page.items.map((item) => ({ ...item, attempts: rows.get(item.key)?.attempts }));
      return { ...page, items };
    },
  };
}

/** Leaves the holder of the last attempt beside what nobody holds. */
export function tellsWhoHeldIt(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async get(key) {
      const found = await store.get(key);
      const row = rows.get(key);
      return found && { ...found, ...(row?.holder === undefined ? {} : { holder: row.holder }) };
    },
  };
}

/** A taker that does not say who it is leaves the one before in its place. */
export function keepsTheHolderBefore(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const holders = new Map([...rows].map(([key, { holder }]) => [key, holder]));
      const taken = await store.takeDue(options);
      for (const { key } of taken) {
        const row = rows.get(key);
        if (row !== undefined) row.holder ??= holders.get(key);
      }
      return taken;
    },
  };
}

/** Tells until when it was held when it was taken: renewals are not seen. */
export function tellsTheFirstLease(store: DurableStore, { rows }: ModelData): DurableStore {
  const until = new Map<string, number>();
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const { key } of taken) until.set(key, rows.get(key)?.at ?? 0);
      return taken;
    },
    async get(key) {
      const found = await store.get(key);
      if (found?.leaseUntil === undefined) return found;
      return { ...found, leaseUntil: until.get(key) ?? found.leaseUntil };
    },
  };
}

/** Has one column for both: while it runs, when it was taken is when its lease ends. */
export function tellsTheLeaseForTheTaking(store: DurableStore): DurableStore {
  const confused = (found: StoredDelivery): StoredDelivery => ({
    ...found,
    at: found.leaseUntil ?? found.at,
  });
  return {
    ...store,
    async get(key) {
      const found = await store.get(key);
      return found && confused(found);
    },
    async list(filter) {
      const page = await store.list(filter);
      return { ...page, items: page.items.map(confused) };
    },
  };
}

/** A case-insensitive collation. */
export function foldsReferences(store: DurableStore, { rows }: ModelData): DurableStore {
  const fold = (reference: string) => reference.toLowerCase();
  return {
    ...store,
    async list({ reference, ...filter }) {
      if (reference === undefined) return store.list(filter);
      const twin = [...rows.values()].find(
        ({ delivery }) =>
          delivery.reference !== undefined &&
          delivery.reference !== reference &&
          fold(delivery.reference) === fold(reference),
      );
      return store.list({ ...filter, reference: twin?.delivery.reference ?? reference });
    },
  };
}

/** Takes the end of a range for a part of it: what lies on it is in two ranges. */
export function includesTheEnd(store: DurableStore): DurableStore {
  return {
    ...store,
    list: async ({ recordedUntil, ...filter }) =>
      store.list(
        recordedUntil === undefined || recordedUntil >= Number.MAX_SAFE_INTEGER
          ? filter
          : { ...filter, recordedUntil: recordedUntil + 1 },
      ),
  };
}

/** Looks up times by when something happened to a delivery last. */
export function rangesOverTheLastChange(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list(filter) {
      const { recordedFrom, recordedUntil } = filter;
      if (recordedFrom === undefined && recordedUntil === undefined) return store.list(filter);
      const saved = new Map([...rows].map(([key, row]) => [key, row.recordedAt]));
      for (const row of rows.values()) Object.assign(row, { recordedAt: row.at });
      try {
        return await store.list(filter);
      } finally {
        for (const [key, row] of rows) Object.assign(row, { recordedAt: saved.get(key) });
      }
    },
  };
}

/** Hands the text on as a pattern. */
export function searchesByPattern(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list({ error, ...filter }) {
      if (typeof error !== 'string' || !error.includes('_'))
        return store.list({ ...filter, error });
      const source = error.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replace(/_/g, '.');
      const pattern = new RegExp(source, 'i');
      const { items } = await store.list({ ...filter, limit: 1_000 });
      return { items: items.filter(({ key }) => pattern.test(rows.get(key)?.lastError ?? '')) };
    },
  };
}

/** Looks through everything for one page: a search for a typo holds the database for a minute. */
export function searchesWithoutABound(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      let page = await store.list(filter);
      while (filter.error !== undefined && page.items.length === 0 && page.nextCursor !== undefined)
        page = await store.list({ ...filter, cursor: page.nextCursor });
      return page;
    },
  };
}

/** Gives up where it stops looking: an empty page without a cursor reads as "there are none". */
export function stopsWithoutACursor(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      return filter.error !== undefined && page.items.length === 0 ? { items: [] } : page;
    },
  };
}

/** Searches with the case of the text. */
export function searchesWithItsCase(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      const { error } = filter;
      if (typeof error !== 'string') return page;
      const fits = ({ key }: StoredDelivery) => rows.get(key)?.lastError?.includes(error) === true;
      return error === '' ? page : { ...page, items: page.items.filter(fits) };
    },
  };
}

/** Leaves out a filter where there are others. */
export function forgetsTheReferenceBesideOthers(store: DurableStore): DurableStore {
  return {
    ...store,
    list: async ({ reference, ...filter }) => {
      const isAlone = filter.error === undefined || reference === undefined;
      return store.list(isAlone ? { ...filter, reference } : filter);
    },
  };
}

/** Adds a note to the one before. */
export function keepsEveryNote(store: DurableStore): DurableStore {
  const first = new Map<string, StoreNote>();
  return {
    ...store,
    async putNote(name, text, options) {
      const before = (await store.notes?.(name))?.find((note) => note.name === name);
      await store.putNote?.(name, text, options);
      if (before !== undefined) first.set(name, before);
    },
    notes: async (prefix) =>
      ((await store.notes?.(prefix)) ?? []).flatMap((note) => {
        const before = first.get(note.name);
        return before === undefined ? [note] : [before, note];
      }),
  };
}

/** Counts the time of a note from when its name was put first. */
export function expiresFromTheFirst(store: DurableStore, data: ModelData): DurableStore {
  const until = new Map<string, number>();
  return {
    ...store,
    async putNote(name, text, options) {
      await store.putNote?.(name, text, options);
      const note = data.notes.get(name);
      const first = until.get(name) ?? data.now() + options.keepMs;
      until.set(name, first);
      if (note !== undefined) data.notes.set(name, { ...note, until: first });
    },
  };
}

/** Keeps notes for good. */
export function keepsNotesForever(store: DurableStore): DurableStore {
  return {
    ...store,
    putNote: async (name, text, { keepMs }) =>
      store.putNote?.(name, text, { keepMs: Number.isFinite(keepMs) ? 1e12 : keepMs }),
  };
}

/** Orders notes as people do. */
export function ordersNotesByLocale(store: DurableStore): DurableStore {
  return {
    ...store,
    notes: async (prefix) =>
      ((await store.notes?.(prefix)) ?? []).toSorted((a, b) =>
        a.name.localeCompare(b.name, 'en', { numeric: true }),
      ),
  };
}

/** Hands the prefix on as a pattern. */
export function takesPrefixesForPatterns(store: DurableStore): DurableStore {
  return {
    ...store,
    async notes(prefix) {
      const all = (await store.notes?.('')) ?? [];
      const source = prefix.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
      const pattern = new RegExp(`^${source.replace(/%/g, '.*').replace(/_/g, '.')}`, 's');
      return all.filter(({ name }) => pattern.test(name));
    },
  };
}

/** Cuts what is too long, and says nothing. */
export function cutsLongNotes(store: DurableStore): DurableStore {
  return {
    ...store,
    putNote: async (name, text, options) =>
      store.putNote?.(name, typeof text === 'string' ? text.slice(0, 21_845) : text, options),
  };
}
