import { isQBitFlowError, type DurableStore, type RecordOutcome } from '@qbitflow/core';
import { isOfType, type ModelData } from './support/model-data.js';

/** Keeps every later body beside the first, whoever brought either. */
export function completesWebhooksToo(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      const { id, version, raw, headers, receivedAt } = delivery;
      if (row !== undefined) row.webhook ??= { id, version, raw, headers, receivedAt };
      return store.record(delivery);
    },
  };
}

/** Completes a record only while it waits: a webhook during the first attempt is lost. */
export function completesWhatIsDueOnly(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      const before = row?.webhook;
      const outcome = await store.record(delivery);
      if (row !== undefined && row.state !== 'due') row.webhook = before;
      return outcome;
    },
  };
}

/** Counts done ones only: nobody notices that a type has no handler until it is too late. */
export function countsHandledTypes(store: DurableStore): DurableStore {
  return { ...store, stats: async () => store.stats() };
}

/** Throws out doubles before it writes a group: the webhook that came with the look is never looked at. */
export function dropsDoublesOfABurst(store: DurableStore, { rows }: ModelData): DurableStore {
  const writing = new Map<string, Promise<RecordOutcome>>();
  return {
    ...store,
    async record(delivery) {
      const first = writing.get(delivery.key);
      if (first !== undefined) {
        await first;
        return { status: 'duplicate', state: rows.get(delivery.key)?.state ?? 'done' };
      }
      const outcome = new Promise(setImmediate).then(async () => store.record(delivery));
      writing.set(delivery.key, outcome);
      return outcome.finally(() => writing.delete(delivery.key));
    },
  };
}

/** A duplicate is a duplicate: what only the webhook says is missing for good. */
export function dropsTheLaterWebhook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const outcome = await store.record(delivery);
      const row = rows.get(delivery.key);
      if (row !== undefined) row.webhook = undefined;
      return outcome;
    },
  };
}

/** Shows an empty last page for a cursor that it cannot read: a loop over all pages ends early, and nobody is told. */
export function endsAtADamagedCursor(store: DurableStore): DurableStore {
  return {
    ...store,
    async list(filter) {
      try {
        return await store.list(filter);
      } catch (error) {
        if (isQBitFlowError(error) && 'cursor' in error.facts) return { items: [] };
        throw error;
      }
    },
  };
}

/** Keeps the webhook for operators alone: handlers go on with what the page saw. */
export function handsOutTheLook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async takeDue(options) {
      const taken = await store.takeDue(options);
      return taken.map((one) => {
        const look = rows.get(one.key)?.delivery;
        return look === undefined ? one : { ...one, id: look.id, raw: look.raw };
      });
    },
  };
}

/** Every webhook replaces the one before: a re-sent one changes what was handled. */
export function keepsTheLastWebhook(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async record(delivery) {
      const row = rows.get(delivery.key);
      if (row !== undefined && delivery.source === 'webhook') row.webhook = undefined;
      return store.record(delivery);
    },
  };
}

/** Leaves the first body out of a list and forgets the one beside it. */
export function listsLaterBodies(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async list(filter) {
      const page = await store.list(filter);
      const items = page.items.map((item) => {
        const webhook = rows.get(item.key)?.webhook;
        return webhook === undefined ? item : { ...item, webhook };
      });
      return { ...page, items };
    },
  };
}

/** Refuses what is done: an operator cannot make good what a broken handler let pass. */
export function replaysTheDeadOnly(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    replay: async (key) => rows.get(key)?.state === 'dead' && store.replay(key),
  };
}

/** Remembers the handlers of what is done: replayed, it is done again without any of them. */
export function replaysWithProgress(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const before = row?.succeeded;
      const replayed = await store.replay(key);
      if (row !== undefined && before !== undefined) row.succeeded = before;
      return replayed;
    },
  };
}

/** Overlooks the types: what has a handler is settled with what has none. */
export function settlesEveryType(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) =>
      store.settleUnhandled({ ...options, types: { except: [] } }),
  };
}

/** Reads what is due and settles it in a second step: who took it in between has it taken away. */
export function settlesInTwoSteps(store: DurableStore, data: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled({ types, dueForMs, limit }) {
      const found = [...data.rows.values()].filter(
        ({ state, dueSince, waits, delivery }) =>
          state === 'due' &&
          !waits &&
          data.now() - dueSince >= dueForMs &&
          isOfType(types, delivery.type),
      );
      await new Promise(setImmediate);
      const settled = found.slice(0, Math.max(0, limit));
      for (const row of settled)
        Object.assign(row, { state: 'done', unhandled: true, at: data.now() });
      return settled.length;
    },
  };
}

/** Overlooks `dueForMs`: between two deploys everything is settled. */
export function settlesTheYoung(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) => store.settleUnhandled({ ...options, dueForMs: 0 }),
  };
}

/** Settles whatever is open: a handler completes what is done already. */
export function settlesWhatRuns(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const running = [...rows.values()].filter(({ state }) => state === 'running');
      for (const row of running) row.state = 'due';
      const settled = await store.settleUnhandled(options);
      for (const row of running) if (row.state === 'due') row.state = 'running';
      return settled;
    },
  };
}

/** Settles retries that wait for their time: a weekend that one service waits out is over for another. */
export function settlesWhatWaits(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const waiting = [...rows.values()].filter(({ state, waits }) => state === 'due' && waits);
      for (const row of waiting) row.waits = false;
      const settled = await store.settleUnhandled(options);
      for (const row of waiting) row.waits = row.state === 'due';
      return settled;
    },
  };
}

/** Settles all there is in one go: a pile of a million locks the table. */
export function settlesWithoutALimit(store: DurableStore): DurableStore {
  return {
    ...store,
    settleUnhandled: async (options) =>
      options.limit > 0 ? store.settleUnhandled({ ...options, limit: 1_000_000 }) : 0,
  };
}

/** Keeps the mark over a replay: what was handled at last is listed as never seen. */
export function staysUnhandled(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      const before = row?.unhandled === true;
      const replayed = await store.replay(key);
      if (row !== undefined) row.unhandled = before;
      return replayed;
    },
  };
}

/** Makes of a wrong limit what fits: `limit: 0`, a division gone wrong, is an empty page that looks like the end. */
export function takesAnyLimit(store: DurableStore): DurableStore {
  return {
    ...store,
    async list({ limit = 50, ...filter }) {
      const most = Math.floor(Math.min(Math.max(limit, 0), 1_000)) || 0;
      const page = await store.list({ ...filter, limit: Math.max(most, 1) });
      return most === 0 ? { items: [] } : page;
    },
  };
}

/** A cursor is a bare position: one digit that was lost, or another store's cursor, skips pages silently. */
export function takesAnyNumberForACursor(store: DurableStore): DurableStore {
  const whole = new Map<string, string>();
  return {
    ...store,
    async list({ cursor, ...filter }) {
      if (cursor !== undefined && /^\d+$/.test(cursor) && !whole.has(cursor)) return { items: [] };
      const page = await store.list({ ...filter, cursor: cursor && (whole.get(cursor) ?? cursor) });
      if (page.nextCursor === undefined) return page;
      const bare = String(whole.size + 1);
      whole.set(bare, page.nextCursor);
      return { ...page, nextCursor: bare };
    },
  };
}

/** Overlooks `unhandled`: test money reaches the handlers of a live shop. */
export function takesWhatNobodyMaySee(store: DurableStore): DurableStore {
  return {
    ...store,
    record: async ({ unhandled: _unhandled, ...delivery }) => store.record(delivery),
  };
}

/** Drops bodies when a delivery is done and replays it all the same: handlers get nothing to read. */
export function replaysWithoutABody(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async replay(key) {
      const row = rows.get(key);
      if (row?.state === 'done')
        rows.set(key, { ...row, delivery: { ...row.delivery, raw: new Uint8Array(0) } });
      return store.replay(key);
    },
  };
}

/** Marks whatever is done as unhandled: an operator cannot tell what nobody saw. */
export function marksWhatHandlersHaveSeen(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async complete(claim, progress) {
      const outcome = await store.complete(claim, progress);
      const row = rows.get(claim.key);
      if (row !== undefined && outcome === 'ok') row.unhandled = true;
      return outcome;
    },
  };
}

/** Leaves the time at which it came due: the next pruning drops what was settled a moment ago. */
export function settlesAsOfThen(store: DurableStore, { rows }: ModelData): DurableStore {
  return {
    ...store,
    async settleUnhandled(options) {
      const times = new Map([...rows].map(([key, { at }]) => [key, at]));
      const settled = await store.settleUnhandled(options);
      for (const [key, row] of rows) if (row.unhandled) row.at = times.get(key) ?? row.at;
      return settled;
    },
  };
}
