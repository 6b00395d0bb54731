import type {
  Claim,
  DurableStore,
  NewDelivery,
  Progress,
  RecordOutcome,
  TakenDelivery,
} from '@qbitflow/core';
import type { ModelData } from './support/model-data.js';

/** Counts the age from the recording: a retry that waits for its time raises the alarm. */
export function agesRetriesThatWait(store: DurableStore): DurableStore {
  return {
    ...store,
    async stats(options) {
      const stats = await store.stats(options);
      const { items } = await store.list({ state: 'due' });
      const now = Date.now();
      const oldest = Math.min(now, ...items.map(({ recordedAt }) => recordedAt));
      return { ...stats, oldestDueAgeMs: now - oldest };
    },
  };
}

/** Group commit gone wrong: everybody in a group hears the answer of its first. */
export function answersABurstAsOne(store: DurableStore): DurableStore {
  let group: Promise<RecordOutcome> | undefined;
  return {
    ...store,
    async record(delivery) {
      const outcome = store.record(delivery);
      group ??= outcome.finally(() => {
        group = undefined;
      });
      return group;
    },
  };
}

/** Counts a start for every taking: bystanders of a crash are blamed for it. */
export function countsLapsedStarts(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return Promise.all(
        taken.map(async (one) => {
          if (!one.lapsed) return one;
          const start = one.started + 1;
          await store.extend(one, { leaseMs: options.leaseMs, succeeded: [], start });
          return { ...one, started: start };
        }),
      );
    },
  };
}

/** Overlooks `counted: false`: every shutdown costs an attempt. */
export function countsWhatIsHandedBack(store: DurableStore): DurableStore {
  return {
    ...store,
    retry: async (claim, options) => store.retry(claim, { ...options, counted: true }),
  };
}

/** Discards whatever has the key: work that was accepted with a 200 is gone. */
export function discardsTheLiving(store: DurableStore): DurableStore {
  const gone = new Set<string>();
  return {
    ...store,
    async discard(key) {
      if ((await store.get(key)) === undefined || gone.has(key)) return false;
      if (!(await store.discard(key))) gone.add(key);
      return true;
    },
    get: async (key) => (gone.has(key) ? undefined : store.get(key)),
  };
}

/** A case-insensitive collation: two ids that differ in case are one. */
export function foldsCase(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery) => store.record({ ...delivery, key: delivery.key.toLowerCase() }),
    get: async (key) => store.get(key.toLowerCase()),
    replay: async (key) => store.replay(key.toLowerCase()),
    discard: async (key) => store.discard(key.toLowerCase()),
  };
}

const DAY_MS = 86_400_000;

/** Leases never lapse: what a crashed process held is lost. */
export function forgetsLeaseExpiry(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async ({ limit }) => store.takeDue({ limit, leaseMs: DAY_MS }),
    extend: async (claim, options) => store.extend(claim, { ...options, leaseMs: DAY_MS }),
  };
}

/** Reads what is due and marks it in a second step: who asks in between gets the same. */
export function givesOneDeliveryToTwoTakers(store: DurableStore): DurableStore {
  let reading: Promise<readonly TakenDelivery[]> | undefined;
  return {
    ...store,
    async takeDue(options) {
      reading ??= store.takeDue(options);
      try {
        return await reading;
      } finally {
        reading = undefined;
      }
    },
  };
}

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

/** Keeps the body as UTF-8 text: bytes that are none are replaced, and signatures no longer match. */
export function keepsBodiesAsText(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery) =>
      store.record({ ...delivery, raw: Buffer.from(Buffer.from(delivery.raw).toString('utf8')) }),
  };
}

/** Leases are cut short: two workers have the same delivery. */
export function lapsesTooEarly(store: DurableStore): DurableStore {
  return {
    ...store,
    takeDue: async ({ limit, leaseMs }) => store.takeDue({ limit, leaseMs: Math.min(leaseMs, 15) }),
  };
}

/** Lists in the order of recording: the news of today is on the last page. */
export function listsTheOldestFirst(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      return { ...page, items: page.items.toReversed() };
    },
  };
}

/** Counts starts and forgets to count the ends: everything looks like a crash. */
export function neverFinishesAttempts(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return taken.map((one) => ({ ...one, finished: 0, lapsed: one.started > 1 }));
    },
    async get(key) {
      const stored = await store.get(key);
      return stored && { ...stored, finished: 0 };
    },
  };
}

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

/** An upsert: the second POST replaces what the first one brought. */
export function overwritesWithTheDuplicate(store: DurableStore): DurableStore {
  const latest = new Map<string, NewDelivery>();
  return {
    ...store,
    async record(delivery) {
      latest.set(delivery.key, delivery);
      return store.record(delivery);
    },
    async get(key) {
      const stored = await store.get(key);
      return stored && { ...stored, raw: latest.get(key)?.raw ?? stored.raw };
    },
  };
}

/** Prunes dead letters with what is done: what nobody fulfilled is forgotten. */
export function prunesTheDead(store: DurableStore): DurableStore {
  return {
    ...store,
    async prune(options) {
      const { items } = await store.list({ state: 'dead', limit: options.limit });
      await Promise.all(items.map(async ({ key }) => store.discard(key)));
      return store.prune(options);
    },
  };
}

/** Overlooks `doneForMs`: a sender's late retry is fulfilled a second time. */
export function prunesTooEarly(store: DurableStore): DurableStore {
  return { ...store, prune: async ({ limit }) => store.prune({ doneForMs: 0, limit }) };
}

/** Looks whether the key is known, then writes: the second of two at once is told it was the first. */
export function recordsTwice(store: DurableStore, { rows, tombstones }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const isKnown = rows.has(delivery.key) || tombstones.has(delivery.key);
      await Promise.resolve();
      const outcome = await store.record(delivery);
      return isKnown ? outcome : { status: 'recorded' };
    },
  };
}

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

/** Says that the lease was renewed, and leaves it as it was. */
export function renewsNothing(store: DurableStore): DurableStore {
  const ends = new Map<string, number>();
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      for (const { token } of taken) ends.set(token, performance.now() + options.leaseMs);
      return taken;
    },
    async extend(claim, options) {
      const left = (ends.get(claim.token) ?? 0) - performance.now();
      return store.extend(claim, { ...options, leaseMs: Math.max(0, left) });
    },
  };
}

/** Says that a dead letter was replayed, and does not make it due. */
export function replaysInNameOnly(store: DurableStore): DurableStore {
  return {
    ...store,
    replay: async (key) => (await store.get(key))?.state === 'dead',
  };
}

/** Overlooks the delay: a failing handler is called in a tight loop. */
export function retriesAtOnce(store: DurableStore): DurableStore {
  return {
    ...store,
    retry: async (claim, options) => store.retry(claim, { ...options, delayMs: 0 }),
  };
}

/** A cursor by time: what was recorded in the same millisecond as a page's last delivery is on no page. */
export function skipsBetweenPages(store: DurableStore): DurableStore {
  const times = new Map<string, number>();
  return {
    ...store,
    async list({ cursor, ...filter }) {
      const known = cursor === undefined ? Infinity : (times.get(cursor) ?? Infinity);
      const page = await store.list({ ...filter, cursor });
      const items = page.items.filter(({ recordedAt }) => recordedAt < known);
      const last = page.items.at(-1);
      if (page.nextCursor !== undefined && last !== undefined)
        times.set(page.nextCursor, last.recordedAt);
      return { ...page, items };
    },
  };
}

/** Last in, first out: under load the oldest delivery waits for ever. */
export function takesTheNewestFirst(store: DurableStore): DurableStore {
  return {
    ...store,
    async takeDue({ limit, leaseMs }) {
      const all = await store.takeDue({ limit: 10_000, leaseMs });
      const back = { delayMs: 0, counted: false, error: '', succeeded: [] };
      const rest = all.slice(0, Math.max(0, all.length - limit));
      await Promise.all(rest.map(async (one) => store.retry(one, back)));
      return all.slice(rest.length).toReversed();
    },
  };
}
