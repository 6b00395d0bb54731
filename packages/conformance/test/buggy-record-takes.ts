import type { DurableStore, RecordOutcome } from '@qbitflow/core';
import type { ModelData } from './support/model-data.js';

/** Tells of a taking that it did not do: the delivery is taken by two. */
export function claimsWhatItLeavesDue(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      const row = rows.get(delivery.key);
      if (row !== undefined && isTaken(outcome)) row.state = 'due';
      return outcome;
    },
  };
}

/** Takes without a count: a delivery that kills its process each time kills it forever. */
export function countsNoStart(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      const row = rows.get(delivery.key);
      if (row !== undefined && isTaken(outcome)) row.started = 0;
      return outcome;
    },
  };
}

/** Counts what was never begun: handed back at a shutdown it looks like a crash. */
export function countsWhatIsHandedBack(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      const row = rows.get(delivery.key);
      if (row !== undefined && isTaken(outcome)) row.startedBefore = 1;
      return outcome;
    },
  };
}

/** Records first and looks at the lease then: the sender is told to come again, and its delivery waits twice. */
export function recordsAndThenRefuses(store: DurableStore): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      try {
        return await store.record(delivery, options);
      } catch (error) {
        await store.record(delivery);
        throw error;
      }
    },
  };
}

/** Hands a burst its answers in the wrong order: who completes one delivery completes another. */
export function mixesUpTheClaimsOfABurst(store: DurableStore): DurableStore {
  let before: string | undefined;
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      if (!isTaken(outcome)) return outcome;
      const { token, dueSince } = outcome.taken;
      const other = before ?? token;
      before = token;
      return { status: 'recorded', taken: { token: other, dueSince } };
    },
  };
}

/** Takes for good: what its process leaves behind when it dies is never handled. */
export function takesForever(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery, { leaseMs, ...options } = {}) =>
      store.record(delivery, {
        ...options,
        leaseMs: leaseMs === undefined ? undefined : 31_536_000_000,
      }),
  };
}

/** Takes whatever it is given: a handler gets what cannot be read, and test money in a live shop. */
export function takesTheDeadToo(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      const row = data.rows.get(delivery.key);
      if (row === undefined || outcome.status !== 'recorded' || options?.leaseMs === undefined)
        return outcome;
      Object.assign(row, { state: 'running', at: data.now() + options.leaseMs, started: 1 });
      row.token ||= `t${data.recorded}`;
      return { status: 'recorded', taken: { token: row.token, dueSince: row.dueSince } };
    },
  };
}

/** Takes a known key as well: two handlers run for one payment. */
export function takesDuplicatesToo(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const row = rows.get(delivery.key);
      if (row?.state !== 'due' || options?.leaseMs === undefined)
        return store.record(delivery, options);
      rows.delete(delivery.key);
      await store.record(row.delivery, options);
      return { status: 'duplicate', state: 'due' };
    },
  };
}

/** Takes what nobody asked it to take: a receiver without handlers keeps everything to itself. */
export function takesUnasked(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async (delivery, options) =>
      store.record(delivery, options === undefined ? undefined : { leaseMs: 60_000, ...options }),
  };
}

/** Says when it was due in seconds: no handler can put it off for more than a moment. */
export function tellsDueSinceInSeconds(store: DurableStore): DurableStore {
  return {
    ...store,
    async record(delivery, options) {
      const outcome = await store.record(delivery, options);
      if (!isTaken(outcome)) return outcome;
      const { token, dueSince } = outcome.taken;
      return { status: 'recorded', taken: { token, dueSince: Math.floor(dueSince / 1_000) } };
    },
  };
}

type Taken = Required<Extract<RecordOutcome, { status: 'recorded' }>>;

function isTaken(outcome: RecordOutcome): outcome is Taken & { taken: object } {
  return outcome.status === 'recorded' && outcome.taken !== undefined;
}
