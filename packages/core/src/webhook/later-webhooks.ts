import { sleep, type Clock } from '../clock.js';
import type { DurableStore, TakenDelivery } from '../store/durable-store.js';
import type { StopSwitch } from './claims.js';

/** Webhooks that come after a page has recorded their key: whoever waits for one is told. */
export interface LaterWebhooks {
  /** A webhook of this key came to this process. */
  arrived(key: string): void;
  /** Resolves when one came, after `limitMs` (ms), or when told to stop. */
  wait(key: string, limitMs: number, stop: StopSwitch): Promise<void>;
}

/** Nobody waits yet. */
export function createLaterWebhooks(clock: Clock): LaterWebhooks {
  const waiting = new Map<string, AbortController>();
  return {
    arrived(key) {
      waiting.get(key)?.abort();
    },
    async wait(key, limitMs, stop) {
      const ended = new AbortController();
      waiting.set(key, ended);
      await sleep(clock, limitMs, AbortSignal.any([ended.signal, stop.signal]));
      waiting.delete(key);
    },
  };
}

/** How long a page's record waits for its webhook, in ms: usually it is a moment behind, and brings more. */
const HEAD_START_MS = 3_000;

/** What completing a page's record needs. */
export interface Completion {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly laterWebhooks: LaterWebhooks;
}

/**
 * What a page has seen, completed by the webhook about it: the page can be faster and knows less (no link to the
 * page where a customer manages a subscription, for one). Where none comes in time the page's record will do.
 */
export async function completedByWebhook(
  { store, clock, laterWebhooks }: Completion,
  taken: TakenDelivery,
  stop: StopSwitch,
): Promise<TakenDelivery> {
  const age = clock.now() - taken.receivedAt;
  if (age < 0 || age >= HEAD_START_MS) return taken;
  const before = await withWebhook(store, taken);
  if (before !== taken) return before;
  await laterWebhooks.wait(taken.key, HEAD_START_MS - age, stop);
  return withWebhook(store, taken);
}

async function withWebhook(store: DurableStore, taken: TakenDelivery): Promise<TakenDelivery> {
  try {
    const webhook = (await store.get(taken.key))?.webhook;
    return webhook === undefined ? taken : { ...taken, ...webhook, event: undefined };
  } catch {
    // What the page saw is enough to go on; a store that is away is reported where the outcome is written.
    return taken;
  }
}
