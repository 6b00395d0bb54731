import type { Mode } from '../mode.js';
import type { DurableStore } from '../store/durable-store.js';
import { moneyOf } from '../webhook/keep-away.js';
import { replayDelivery } from './replay-delivery.js';

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
