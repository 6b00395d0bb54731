import type {
  DeliveryPage,
  DurableStore,
  ListFilter,
  StoredDelivery,
  StoreStats,
} from '../store/durable-store.js';

/** The operator's view of the inbox. Every call rejects when the store is away. */
export interface Deliveries {
  /** Newest first, 50 a page unless `limit` says otherwise; bodies are left out. */
  list(filter?: ListFilter): Promise<DeliveryPage>;
  /** One delivery with its body, or `undefined`. */
  get(key: string): Promise<StoredDelivery | undefined>;
  /** Makes a dead letter due again; handlers that had succeeded are not called again. `false` when the key is not dead. */
  replay(key: string): Promise<boolean>;
  /** Forgets a dead letter for good. `false` when the key is not dead. */
  discard(key: string): Promise<boolean>;
  /** Counts by state and how long the oldest due delivery has waited (ms): what a metrics scrape wants. */
  stats(): Promise<StoreStats>;
}

/** The deliveries of a store; `wake` is told when one became due. */
export function createDeliveries(store: DurableStore, wake: () => void): Deliveries {
  return {
    list: async (filter = {}) => store.list(filter),
    get: async (key) => store.get(key),
    async replay(key) {
      const replayed = await store.replay(key);
      if (replayed) wake();
      return replayed;
    },
    discard: async (key) => store.discard(key),
    stats: async () => store.stats(),
  };
}
