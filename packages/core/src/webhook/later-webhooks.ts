import { sleep } from '../clock.js';
import type { Runtime } from '../runtime.js';
import type { TakenDelivery } from '../store/durable-store.js';
import type { StopSwitch } from './claims.js';

/** Webhooks that come after a page has recorded their key: they know more than the page. */
export interface LaterWebhooks {
  /** A webhook of this key came to this process. */
  arrived(key: string): void;
  /**
   * What a page has seen, completed by the webhook about it: the page can be faster and knows less (no link to the page
   * where a customer manages a subscription, for one). Where none comes in time the page's record will do.
   */
  completed(taken: TakenDelivery, stop: StopSwitch): Promise<TakenDelivery>;
}

/** How long a page's record waits for its webhook, in ms: usually it is a moment behind, and brings more. */
const HEAD_START_MS = 3_000;

/** None is waited for yet. */
export function createLaterWebhooks({ store, clock }: Runtime): LaterWebhooks {
  const waiting = new Map<string, AbortController>();

  /** Resolves when one came, after `limitMs` (ms), or when stopped. */
  async function arrival(key: string, limitMs: number, stop: StopSwitch): Promise<void> {
    const ended = new AbortController();
    waiting.set(key, ended);
    await sleep(clock, limitMs, AbortSignal.any([ended.signal, stop.signal]));
    waiting.delete(key);
  }

  async function withWebhook(taken: TakenDelivery): Promise<TakenDelivery> {
    try {
      const webhook = (await store.get(taken.key))?.webhook;
      return webhook === undefined ? taken : { ...taken, ...webhook, event: undefined };
    } catch {
      // What the page saw is enough to go on; a store that is away is reported where the outcome is written.
      return taken;
    }
  }

  return {
    arrived(key) {
      waiting.get(key)?.abort();
    },
    async completed(taken, stop) {
      const age = clock.now() - taken.receivedAt;
      if (age < 0 || age >= HEAD_START_MS) return taken;
      const before = await withWebhook(taken);
      if (before !== taken) return before;
      await arrival(taken.key, HEAD_START_MS - age, stop);
      return withWebhook(taken);
    },
  };
}
