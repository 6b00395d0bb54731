import type { DurableStore } from '@qbitflow/core';
import type { PoolHolder } from './database/pool-holder.js';
import type { Listener } from './notify/listener.js';

/** Stops listening and releases what the store opened; the application's pool stays open. */
export function close(listener: Listener, pools: PoolHolder): DurableStore['close'] {
  return async () => {
    await listener.stop();
    await pools.close();
  };
}
