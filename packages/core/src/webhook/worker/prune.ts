import type { CancelTimer, Clock } from '../../clock.js';
import type { Logger } from '../../logger.js';
import type { DurableStore } from '../../store/durable-store.js';

/** What pruning needs. */
export interface Pruning {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keepDoneMs: number;
}

const EVERY_MS = 3_600_000;
const FIRST_AFTER_MS = 60_000;
const BATCH = 1_000;

/** Forgets, once an hour, what has been done for long enough. Returns how to stop. */
export function startPruning(pruning: Pruning): CancelTimer {
  const { clock } = pruning;
  let cancel: CancelTimer = schedule(FIRST_AFTER_MS);
  function schedule(delayMs: number): CancelTimer {
    return clock.after(delayMs, () => {
      cancel = schedule(EVERY_MS);
      void prune(pruning);
    });
  }
  return () => {
    cancel();
  };
}

async function prune({ store, logger, keepDoneMs }: Pruning): Promise<void> {
  try {
    let forgotten: number;
    do {
      forgotten = await store.prune({ doneForMs: keepDoneMs, limit: BATCH });
    } while (forgotten >= BATCH);
  } catch (err) {
    logger.error(
      { code: 'prune_failed', err },
      'the store did not prune; it is tried again in an hour',
    );
  }
}
