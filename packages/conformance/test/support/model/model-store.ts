import type { DurableStore } from '@qbitflow/core';
import { checkedLeaseMs } from './checked.js';
import { isHeld, merged, modelData, storedView, type ModelData } from './data.js';
import { prune, settleUnhandled } from './drop.js';
import { list, stats } from './list.js';
import { take } from './take.js';
import { record, transitions } from './transitions.js';

/** What is done when a transaction commits. */
type Transaction = (() => Promise<unknown>)[];

const isTransaction = (tx: unknown): tx is Transaction => Array.isArray(tx);

/**
 * A correct durable store as plain as the contract can be written down: nothing is fast, everything is one synchronous
 * step. Broken stores are made of it.
 */
export function plainStore(data: ModelData): DurableStore {
  return {
    ...transitions(data),
    name: 'model',
    durable: false,
    record: async (delivery) => record(data, delivery),
    async takeDue(options) {
      checkedLeaseMs(options.leaseMs);
      return take(data, options);
    },
    settleUnhandled: async (options) => settleUnhandled(data, options),
    async get(key) {
      const row = data.rows.get(key);
      return row && storedView(row);
    },
    list: async (filter) => list(data, filter),
    stats: async ({ handled } = {}) => stats(data, handled),
    prune: async (options) => prune(data, options),
    knownSince: async () => data.knownSince,
    close: async () => undefined,
  };
}

/** The same with everything that a store may have, its data outliving it: the suite is tried on it. */
export function modelStore(data: ModelData = modelData()): DurableStore {
  const store = plainStore(data);
  return {
    ...store,
    durable: true,
    onDue(listener) {
      const own = { call: listener };
      data.listeners.add(own);
      return () => data.listeners.delete(own);
    },
    async completeWithin(tx, claim, { succeeded, done }) {
      if (!isTransaction(tx)) throw new Error('not a transaction of this store');
      const row = data.rows.get(claim.key);
      if (!isHeld(row, claim)) return 'lost';
      const remember = async () => {
        row.succeeded = merged(row.succeeded, succeeded);
      };
      tx.push(done ? async () => store.complete(claim, { succeeded }) : remember);
      return 'ok';
    },
  };
}

/** Runs `work` in a transaction of a merchant's that `completeWithin` can join. */
export async function inTransaction(work: (tx: unknown) => Promise<void>): Promise<void> {
  const tx: Transaction = [];
  await work(tx);
  for (const write of tx) await write();
}
