import type { HandlerRegistry } from '../event/handler-registry.js';
import type {
  DeliveryPage,
  DurableStore,
  ListFilter,
  StoredDelivery,
  StoreStats,
} from '../store/durable-store.js';
import { replayDelivery } from './replay-delivery.js';

/** The operator's view of the inbox. Every call rejects when the store is away. */
export interface Deliveries {
  /** Newest first, 50 a page unless `limit` says otherwise; bodies are left out. */
  list(filter?: ListFilter): Promise<DeliveryPage>;
  /** One delivery with its body, or `undefined`. */
  get(key: string): Promise<StoredDelivery | undefined>;
  /**
   * Makes a dead or a done delivery due again. Of a dead letter the handlers that had succeeded are not called again;
   * of a done one all are: nothing else ever runs twice. What could not be read and can be by now goes on under the
   * key of what it says. `false` in any other state, once its body was pruned, for what still cannot be read, and for
   * what is known under its own key already.
   */
  replay(key: string): Promise<boolean>;
  /** Replays all of a type that were done without a handler (`list({ unhandled: true })`); resolves with how many. */
  replayUnhandled(type: string): Promise<number>;
  /** Drops a dead letter for good; its key stays known. `false` when the key is not dead. */
  discard(key: string): Promise<boolean>;
  /**
   * Counts by state and how long the oldest due delivery has waited (ms): what a metrics scrape wants. `unhandled`
   * counts what this process has no handler for, and what was done without one.
   */
  stats(): Promise<StoreStats>;
}

const PAGE = 500;

/** The deliveries of a store; `wake` is told when one became due. */
export function createDeliveries(
  store: DurableStore,
  registry: HandlerRegistry,
  wake: () => void,
): Deliveries {
  async function replayUnhandled(type: string): Promise<number> {
    let replayed = 0;
    let cursor: string | undefined;
    do {
      const page = await store.list({ unhandled: true, type, limit: PAGE, cursor });
      for (const { key } of page.items) if (await store.replay(key)) replayed += 1;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    if (replayed > 0) wake();
    return replayed;
  }

  return {
    list: async (filter = {}) => store.list(filter),
    get: async (key) => store.get(key),
    async replay(key) {
      const { status } = await replayDelivery(store, key);
      // What is known already may be due: a replay that was interrupted told nobody.
      if (status === 'replayed' || status === 'known') wake();
      return status === 'replayed';
    },
    replayUnhandled,
    discard: async (key) => store.discard(key),
    stats: async () => store.stats({ handled: registry.wanted() }),
  };
}
