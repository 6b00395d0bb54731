import type { HandlerRegistry } from '../event/handlers.js';
import type {
  DeliveryPage,
  DurableStore,
  ListFilter,
  StoredDelivery,
  StoreStats,
} from '../store/durable-store.js';
import type { Mode } from '../mode.js';
import { replayDelivery } from './replay-delivery.js';
import { replayUnhandled } from './replay-unhandled.js';

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
  /**
   * Replays all of a type that were done without a handler (`list({ unhandled: true })`); resolves with how many. What
   * was kept away as the other mode's money stays: `replay` hands it over by its own key.
   */
  replayUnhandled(type: string): Promise<number>;
  /** Drops a dead letter for good; its key stays known. `false` when the key is not dead. */
  discard(key: string): Promise<boolean>;
  /**
   * Counts by state and how long the oldest due delivery has waited (ms): what a metrics scrape wants. `unhandled`
   * counts what this process has no handler for, and what was done without one.
   */
  stats(): Promise<StoreStats>;
}

/** What an operator's view needs beside the store. */
export interface DeliveriesParts {
  readonly registry: HandlerRegistry;
  /** Whose events the handlers may see. */
  readonly mode: Mode;
  /** Told when one became due. */
  readonly wake: () => void;
}

/** The deliveries of a store. */
export function createDeliveries(
  store: DurableStore,
  { registry, mode, wake }: DeliveriesParts,
): Deliveries {
  return {
    list: async (filter = {}) => store.list(filter),
    get: async (key) => store.get(key),
    async replay(key) {
      const { status } = await replayDelivery(store, key);
      // What is known already may be due: a replay that was interrupted told nobody.
      if (status === 'replayed' || status === 'known') wake();
      return status === 'replayed';
    },
    async replayUnhandled(type) {
      const replayed = await replayUnhandled(store, type, mode);
      if (replayed > 0) wake();
      return replayed;
    },
    discard: async (key) => store.discard(key),
    stats: async () => store.stats({ handled: registry.wanted() }),
  };
}
