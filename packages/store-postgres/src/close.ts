import type { DurableStore } from '@qbitflow/core';
import type { Keeping } from './database/keeping.js';
import type { PoolHolder } from './database/pool-holder.js';
import type { Listener } from './notify/listener.js';

/** Stops listening, gives back what was kept and releases what the store opened; the application's pool stays open. */
export function close(
  listener: Listener,
  keeping: Keeping,
  pools: PoolHolder,
): DurableStore['close'] {
  return async () => {
    await listener.stop();
    await keeping.end();
    await pools.close();
  };
}
