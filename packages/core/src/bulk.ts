import { QBitFlowError } from './errors.js';
import { type Mode, moneyOf } from './mode.js';
import { replayDelivery } from './replay-delivery.js';
import type { DurableStore, ListFilter, StoredDelivery } from './store/durable-store.js';

/** Which deliveries: those that `list` finds with this filter, on all of its pages. */
export type BulkFilter = Omit<ListFilter, 'limit' | 'cursor'>;

/** How a bulk action is stopped. */
export interface BulkOptions {
  /** Ends it between two deliveries: it resolves with what was done until then. */
  readonly signal?: AbortSignal | undefined;
}

/** What a bulk action found, and how many of those it changed: the rest was in another state by then, or is not for this kit. */
export interface BulkOutcome {
  readonly matched: number;
  readonly changed: number;
}

/** So many are read at once, and so many changed at once: a store writes the changes of many in one go. */
const PAGE = 500;
const AT_ONCE = 16;

/**
 * Replays everything that the filter finds. What was kept away as the other mode's money is among them only where `mode`
 * takes it: a new handler must not meet years of test money.
 */
export async function replayAll(
  store: DurableStore,
  filter: BulkFilter,
  options: BulkOptions & { readonly mode: Mode | undefined },
): Promise<BulkOutcome> {
  const { state, unhandled } = filter;
  // "All" would call every handler for everything that was ever done.
  if (state !== 'dead' && state !== 'done' && unhandled !== true)
    throw misconfigured(
      "replayAll replays dead letters ({ state: 'dead' }), done deliveries ({ state: 'done' }) or those that no handler has seen ({ unhandled: true }): say which",
    );
  return forEach(store, filter, options, async ({ key }) => {
    if (!isFor(options.mode, key)) return false;
    return (await replayDelivery(store, key)).status === 'replayed';
  });
}

/** Discards every dead letter that the filter finds. */
export async function discardAll(
  store: DurableStore,
  filter: BulkFilter,
  options: BulkOptions = {},
): Promise<BulkOutcome> {
  const { state = 'dead', unhandled } = filter;
  if (state !== 'dead' || unhandled === true)
    throw misconfigured(
      "discardAll discards dead letters only: leave state out, or give { state: 'dead' }, and no unhandled",
    );
  return forEach(store, { ...filter, state }, options, async ({ key }) => store.discard(key));
}

/**
 * Pages go from the newest to the oldest in the order of recording, which no change of state touches: each delivery is
 * met once at most, whatever becomes of it meanwhile.
 */
async function forEach(
  store: DurableStore,
  filter: BulkFilter,
  { signal }: BulkOptions,
  change: (delivery: StoredDelivery) => Promise<boolean>,
): Promise<BulkOutcome> {
  const isStopped = (): boolean => signal?.aborted === true;
  let [matched, changed] = [0, 0];
  let cursor: string | undefined;
  do {
    const page = await store.list({ ...filter, limit: PAGE, cursor });
    for (let at = 0; at < page.items.length && !isStopped(); at += AT_ONCE) {
      const some = page.items.slice(at, at + AT_ONCE);
      matched += some.length;
      changed += (await Promise.all(some.map(change))).filter(Boolean).length;
    }
    cursor = page.nextCursor;
    // A store in this process may never wait for anything: others have their turn.
    await new Promise<void>((resolve) => setImmediate(resolve));
  } while (cursor !== undefined && !isStopped());
  return { matched, changed };
}

function isFor(mode: Mode | undefined, key: string): boolean {
  const money = moneyOf(key);
  return money === undefined || mode === 'both' || mode === money;
}

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `nothing was changed: ${message}`);
}
