import { memoryStore, type DurableStore, type NewDelivery } from '@qbitflow/core';

/** What is done when a transaction commits. */
type Transaction = (() => Promise<unknown>)[];

/** A store with everything a durable store may have. Its data lives as long as this object. */
export interface FullStore {
  readonly store: DurableStore;
  transaction(work: (tx: unknown) => Promise<void>): Promise<void>;
}

const isTransaction = (tx: unknown): tx is Transaction => Array.isArray(tx);

/** The memory store with bodies kept, news announced and transactions joined. */
export function fullStore(): FullStore {
  const memory = memoryStore({ maxOpenBytes: 1e9 });
  const bodies = new Map<string, Pick<NewDelivery, 'raw' | 'headers'>>();
  const listeners = new Set<{ call: (subject: string | undefined) => void }>();
  const announce = (subject: string | undefined) => {
    for (const { call } of listeners) call(subject);
  };
  const store: DurableStore = {
    ...memory,
    name: 'full',
    durable: true,
    async record(delivery) {
      const outcome = await memory.record(delivery);
      if (outcome.status === 'duplicate') return outcome;
      bodies.set(delivery.key, { raw: delivery.raw, headers: delivery.headers });
      announce(delivery.subject);
      return outcome;
    },
    async get(key) {
      const stored = await memory.get(key);
      return stored && { ...stored, ...bodies.get(key) };
    },
    async replay(key) {
      const replayed = await memory.replay(key);
      if (replayed) announce(undefined);
      return replayed;
    },
    onDue(listener) {
      const own = { call: listener };
      listeners.add(own);
      return () => listeners.delete(own);
    },
    async completeWithin(tx, claim, { succeeded, done }) {
      if (!isTransaction(tx)) throw new Error('not a transaction of this store');
      const progress = { leaseMs: 600_000, succeeded };
      const held = await memory.extend(claim, { ...progress, succeeded: [] });
      if (held === 'ok')
        tx.push(async () =>
          done ? memory.complete(claim, { succeeded }) : memory.extend(claim, progress),
        );
      return held;
    },
  };
  return {
    store,
    async transaction(work) {
      const tx: Transaction = [];
      await work(tx);
      for (const write of tx) await write();
    },
  };
}
