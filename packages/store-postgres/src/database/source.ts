import type { Clock } from '@qbitflow/core';
import { checkOut, isDoubtful, release, type ClientSource, type Loan } from './checkout.js';
import type { PoolHolder } from './pool-holder.js';

/** Clients of the pool in use: those that are kept for a lane, and any for the rest. */
export function clientSource(
  pools: PoolHolder,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): ClientSource {
  const limits = { clock, timeoutMs };

  async function anyClient(): Promise<Loan> {
    const client = await checkOut(await pools.pool(), limits);
    return {
      client,
      giveBack(error) {
        release(client, isDoubtful(error));
      },
    };
  }

  return {
    ...limits,
    pool: pools.pool,
    async lend(lane) {
      return lane === undefined ? anyClient() : (await pools.reserve()).lend(lane, limits);
    },
    lendKept: async (lane) => (await pools.reserve()).lendKept(lane, limits),
  };
}
