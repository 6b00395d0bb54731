import type { Activity } from './activity.js';
import type { BulkFilter, BulkOptions, BulkOutcome } from './bulk.js';
import { callOnDemand } from './call-on-demand.js';
import type { HandlerRegistry } from './event/handlers.js';
import { onDemand } from './on-demand.js';
import type { Runtime } from './runtime.js';
import type {
  DeliveryPage,
  ListFilter,
  StoredDelivery,
  StoreStats,
} from './store/durable-store.js';

/** The operator's view of the inbox. Every call rejects when the store is away. */
export interface Deliveries {
  /** Newest first, 50 a page unless `limit` says otherwise; bodies are left out. */
  list(filter?: ListFilter): Promise<DeliveryPage>;
  /** One delivery with its body and its last attempts, or `undefined`. */
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
  /**
   * Replays everything that the filter finds, as `replay` does one; it says `state: 'dead'`, `state: 'done'` or
   * `unhandled: true`, and rejects with `misconfigured` otherwise. Each delivery is met once, also one that is dead again
   * by then; the other mode's money stays. Rejects when the store goes away: what was changed by then stays so.
   */
  replayAll(filter: BulkFilter, options?: BulkOptions): Promise<BulkOutcome>;
  /** Drops a dead letter for good; its key stays known. `false` when the key is not dead. */
  discard(key: string): Promise<boolean>;
  /** Drops every dead letter that the filter finds; otherwise as `replayAll`. */
  discardAll(filter: BulkFilter, options?: BulkOptions): Promise<BulkOutcome>;
  /**
   * Counts by state and how long the oldest due delivery has waited (ms): what a metrics scrape wants. `unhandled`
   * counts what this process has no handler for, and what was done without one.
   */
  stats(): Promise<StoreStats>;
  /**
   * What was done in the last hour and day, by type, and which processes are there: of all processes that share the store
   * where it keeps their notes (ours do), else of this one alone. Up to half a minute late.
   */
  activity(): Promise<Activity>;
}

/** A bulk action as it is asked for. */
interface Bulk {
  readonly filter: BulkFilter;
  readonly options?: BulkOptions | undefined;
}

/** The deliveries of the kit's store. `wake` is called when one became due. What operators change is loaded when they do. */
export function createDeliveries(
  { store, settings, activity }: Runtime,
  registry: HandlerRegistry,
  wake: () => void,
): Deliveries {
  const { mode } = settings;
  const bulk = onDemand(async () => import('./bulk.js'));
  const one = onDemand(async () => import('./replay-delivery.js'));

  const replayFound = callOnDemand(bulk, async ({ replayAll }, { filter, options }: Bulk) => {
    try {
      return await replayAll(store, filter, { ...options, mode });
    } finally {
      // Also where the store went away in between.
      wake();
    }
  });
  const discardFound = callOnDemand(bulk, async ({ discardAll }, { filter, options }: Bulk) =>
    discardAll(store, filter, options),
  );

  return {
    list: async (filter = {}) => store.list(filter),
    get: async (key) => store.get(key),
    async replay(key) {
      const { replayDelivery } = await one();
      const { status } = await replayDelivery(store, key);
      // What is known already may be due: a replay that was interrupted woke no worker.
      if (status === 'replayed' || status === 'known') wake();
      return status === 'replayed';
    },
    async replayUnhandled(type) {
      const { changed } = await replayFound({ filter: { unhandled: true, type } });
      return changed;
    },
    replayAll: async (filter, options) => replayFound({ filter, options }),
    discard: async (key) => store.discard(key),
    discardAll: async (filter, options) => discardFound({ filter, options }),
    stats: async () => store.stats({ handled: registry.wanted() }),
    activity: async () => activity.read(),
  };
}
