import type { HandlerRegistry } from './event/handlers.js';
import type {
  DeliveryPage,
  DurableStore,
  ListFilter,
  StoredDelivery,
  StoreStats,
  NewDelivery,
} from './store/durable-store.js';
import { type Mode, moneyOf } from './mode.js';
import type { Runtime } from './runtime.js';
import { UNREADABLE_TYPE } from './event/keys.js';
import { lookInV2 } from './protocol/v1/v2-names.js';
import type { ParseResult } from './protocol/parse-result.js';
import { parseJson } from './protocol/json.js';
import { readReceived } from './webhook/parse-event.js';
import { toNewDelivery } from './webhook/record.js';
import type { ReceivedBody } from './webhook/body.js';

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

/** The deliveries of the kit's store. `wake` is called when one became due. */
export function createDeliveries(
  { store, settings }: Runtime,
  registry: HandlerRegistry,
  wake: () => void,
): Deliveries {
  return {
    list: async (filter = {}) => store.list(filter),
    get: async (key) => store.get(key),
    async replay(key) {
      const { status } = await replayDelivery(store, key);
      // What is known already may be due: a replay that was interrupted woke no worker.
      if (status === 'replayed' || status === 'known') wake();
      return status === 'replayed';
    },
    async replayUnhandled(type) {
      const replayed = await replayUnhandled(store, type, settings.mode);
      if (replayed > 0) wake();
      return replayed;
    },
    discard: async (key) => store.discard(key),
    stats: async () => store.stats({ handled: registry.wanted() }),
  };
}

/**
 * What became of a replay: due again under `key`; or nothing, because the event is `known` under `key`, its body is
 * still `unreadable`, or no dead or done delivery has that key.
 */
export type ReplayOutcome =
  | { readonly status: 'replayed' | 'known'; readonly key: string }
  | { readonly status: 'unreadable'; readonly problem: string }
  | { readonly status: 'nothing' };

/**
 * Makes a dead or done delivery due again. A body that an earlier version could not read and this one can goes on
 * under the key of what it says: the same event may have come another way meanwhile, and must not be handled twice.
 */
export async function replayDelivery(store: DurableStore, key: string): Promise<ReplayOutcome> {
  const isUnderAnotherName = key.startsWith(`${UNREADABLE_TYPE}:`) || moneyOf(key) !== undefined;
  const found = isUnderAnotherName ? await store.get(key) : undefined;
  if (found === undefined)
    return (await store.replay(key)) ? { status: 'replayed', key } : { status: 'nothing' };
  if (found.state === 'due' || found.state === 'running') return { status: 'nothing' };
  const { parsed, delivery } = readAgain(found);
  // What cannot be read is never claimed: made due it would be forgotten some day, and its body with it.
  if (!parsed.ok) return { status: 'unreadable', problem: parsed.problem };
  return goOnAs(store, { key, delivery });
}

async function goOnAs(
  store: DurableStore,
  { key, delivery }: { readonly key: string; readonly delivery: NewDelivery },
): Promise<ReplayOutcome> {
  const outcome = await store.record(delivery);
  const isDead = outcome.status === 'duplicate' && outcome.state === 'dead';
  const isDue = outcome.status === 'recorded' || (isDead && (await store.replay(delivery.key)));
  // Last: until the event is recorded under its own key, the dead letter is all there is of it.
  await store.discard(key);
  return { status: isDue ? 'replayed' : 'known', key: delivery.key };
}

function readAgain(found: StoredDelivery): {
  readonly parsed: ParseResult;
  readonly delivery: NewDelivery;
} {
  const { source, headers, receivedAt } = found;
  const body = bodyOf(found);
  const { version, parsed } = readReceived(found.version, body);
  return {
    parsed,
    delivery: toNewDelivery({ version, source, headers, body, parsed, receivedAt, mode: 'both' }),
  };
}

/** A look was recorded as earlier versions understood the API; a delivery's bytes are what was signed. */
function bodyOf({ source, raw }: StoredDelivery): ReceivedBody {
  const bytes = Buffer.from(raw);
  const json = source === 'webhook' ? undefined : parseJson(bytes);
  return json?.ok === true
    ? { kind: 'value', value: lookInV2(json.value) }
    : { kind: 'bytes', bytes };
}

const PAGE = 500;

/**
 * Replays all of a type that were done without a handler; resolves with how many. What was kept away as the other
 * mode's money is among them only where `mode` takes it: a new handler must not meet years of test money.
 */
export async function replayUnhandled(
  store: DurableStore,
  type: string,
  mode: Mode | undefined,
): Promise<number> {
  let replayed = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list({ unhandled: true, type, limit: PAGE, cursor });
    for (const { key } of page.items) {
      if (!isFor(mode, key)) continue;
      if ((await replayDelivery(store, key)).status === 'replayed') replayed += 1;
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return replayed;
}

function isFor(mode: Mode | undefined, key: string): boolean {
  const money = moneyOf(key);
  return money === undefined || mode === 'both' || mode === money;
}
